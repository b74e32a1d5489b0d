import type { FileHandle } from "node:fs/promises";

/** Writes all of `bytes`: the system may take a part only. */
export const writeFully = async (file: FileHandle, bytes: Uint8Array, position: number): Promise<void> => {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
};
