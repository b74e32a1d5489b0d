/** The thread that hashes and compresses blocks, so that the event loop stays free. */
import { hash } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { BlockAnswer, BlockJob, Packed, Unpacked } from "./job.ts";
import { blockBytes, slotBytes } from "./sizes.ts";

const zeroes = new Uint8Array(blockBytes);
/** One output buffer for each block: zlib would collect and join small ones. */
const compressing = {
  chunkSize: slotBytes,
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
};

const sha256 = (bytes: Uint8Array): string => hash("sha256", bytes, "hex");

const pack = ({ buffer, length, encoding }: Extract<BlockJob, { do: "pack" }>): Packed => {
  const plain = new Uint8Array(buffer, 0, length);
  if (Buffer.compare(plain, zeroes.subarray(0, length)) === 0) return { zero: true };
  if (encoding === "plain") return { zero: false, stored: length, sha256: sha256(plain) };
  const frame = zstdCompressSync(plain, compressing);
  new Uint8Array(buffer).set(frame);
  return { zero: false, stored: frame.length, sha256: sha256(frame) };
};

const unpack = ({ buffer, stored, encoding, sha256: expected }: Extract<BlockJob, { do: "unpack" }>): Unpacked => {
  const bytes = new Uint8Array(buffer, 0, stored);
  if (sha256(bytes) !== expected) return { good: false };
  if (encoding === "plain") return { good: true, length: stored };
  try {
    const plain = zstdDecompressSync(bytes, { chunkSize: slotBytes, maxOutputLength: blockBytes });
    new Uint8Array(buffer).set(plain);
    return { good: true, length: plain.length };
  } catch {
    return { good: false };
  }
};

const answerTo = (job: BlockJob): BlockAnswer => {
  switch (job.do) {
    case "pack":
      return pack(job);
    case "unpack":
      return unpack(job);
  }
};

parentPort?.on("message", ({ id, job }: { readonly id: number; readonly job: BlockJob }) => {
  parentPort?.postMessage({ id, answer: answerTo(job) }); // oxlint-disable-line unicorn/require-post-message-target-origin -- a thread has no origin
});
