import type { DiskSource } from "@quiesce/core";

/** A small file as a disk's content. */
export const bytesSource = (content: Uint8Array): DiskSource => ({
  bytes: content.length,
  ranges: async function* () {
    yield { offset: 0, length: content.length, is: "data" };
  },
  read: async (offset, into) => into.set(content.subarray(offset, offset + into.length)),
  close: async () => {},
});
