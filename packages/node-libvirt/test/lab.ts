import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Facts of the libvirt lab, as the script that brings it up writes them. */
export interface Lab {
  readonly uri: string;
  /** Kernel, initial RAM disk and two disks of a guest with an agent; only to be read. */
  readonly guestDir: string;
  /** For disks and pools; writable for this process and for the daemon. */
  readonly workDir: string;
}

const file =
  process.env["QUIESCE_LAB_LIBVIRT"] ?? fileURLToPath(new URL("../../../.labs/libvirt.json", import.meta.url));

export const labMissing = `There is no libvirt lab: ${file} cannot be read. Bring it up with: npm run labs`;

/** Undefined when there is no lab. @throws {Error} when there must be one: QUIESCE_REQUIRE_LABS names libvirt. */
export const findLab = (): Lab | undefined => {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Lab;
  } catch (error) {
    if (process.env["QUIESCE_REQUIRE_LABS"]?.split(/[\s,]+/u).includes("libvirt")) {
      throw new Error(labMissing, { cause: error });
    }
    return undefined;
  }
};
