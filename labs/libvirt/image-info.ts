import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** One image of a chain, as `qemu-img info` tells it. */
export interface ImageInfo {
  readonly filename: string;
  readonly format: string;
  readonly "backing-filename"?: string;
  /** Internal snapshots. */
  readonly snapshots?: readonly { readonly name: string }[];
}

/** Reads a disk image and what it is based on, the top one first, by `qemu-img`; a running guest may have it open. */
export const imageChain = async (path: string): Promise<readonly ImageInfo[]> => {
  const { stdout } = await run("qemu-img", ["info", "-U", "--backing-chain", "--output=json", path]);
  const chain: readonly ImageInfo[] = JSON.parse(stdout);
  return chain;
};
