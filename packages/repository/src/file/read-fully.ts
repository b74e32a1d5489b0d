import type { FileHandle } from "node:fs/promises";

/** Reads until `into` is full or the file ends; gives the number of bytes. */
export const readFully = async (file: FileHandle, into: Uint8Array, position: number): Promise<number> => {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await file.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
};
