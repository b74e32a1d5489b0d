import type { Socket } from "node:net";

/** Writes, and waits while the other side is slow to read. Resolves also when the connection ends. */
export const writeWhenReady = async (socket: Socket, bytes: Buffer): Promise<void> => {
  if (socket.destroyed || socket.write(bytes)) return;
  await new Promise<void>((resolve) => {
    const goOn = () => {
      socket.off("drain", goOn).off("close", goOn);
      resolve();
    };
    socket.on("drain", goOn).on("close", goOn);
  });
};
