import { commands, magic } from "./numbers.ts";

/** The last request of a connection; it has no answer. */
export const encodeDisconnect = (): Buffer => {
  const bytes = Buffer.alloc(28);
  bytes.writeUInt32BE(magic.request, 0);
  bytes.writeUInt16BE(commands.disconnect, 6);
  return bytes;
};
