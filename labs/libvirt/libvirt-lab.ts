import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A running libvirt lab, as `labs/libvirt/up.sh` writes it. */
export interface LibvirtLab {
  /** The connection for the C library and `virsh`. */
  readonly uri: string;
  /** The daemon's unix socket, for a client that speaks the protocol itself. */
  readonly socket: string;
  /** Kernel, initramfs and disks of the guest; only to be read. */
  readonly guestDir: string;
  /** One folder per guest; the user that runs QEMU may write here. */
  readonly workDir: string;
  /** The daemon's process. */
  readonly pid: number;
}

/** Says in one line how to get the lab; the name of what is skipped without it. */
export const labMissing = "no libvirt lab: run `labs/install.sh libvirt` as root (Debian 12), then `npm run labs`";

const defaultFile = join(import.meta.dirname, "..", "..", ".labs", "libvirt.json");

/**
 * The lab that tests run against, or undefined when there is none that lives.
 *
 * `QUIESCE_LAB_LIBVIRT` may name another JSON file than `.labs/libvirt.json` of the repository.
 * @throws when the file is damaged, and, where `QUIESCE_REQUIRE_LABS` lists `libvirt`, when there is no lab.
 */
export const libvirtLab = (env: Readonly<NodeJS.ProcessEnv> = process.env): LibvirtLab | undefined => {
  const file = env["QUIESCE_LAB_LIBVIRT"] ?? defaultFile;
  const lab = existsSync(file) ? parse(file, readFileSync(file, "utf8")) : undefined;
  if (lab !== undefined && isAlive(lab)) return lab;
  if ((env["QUIESCE_REQUIRE_LABS"] ?? "").split(",").includes("libvirt")) {
    const why = lab === undefined ? `${file} does not exist` : `the daemon that ${file} names (pid ${lab.pid}) is gone`;
    throw new Error(`QUIESCE_REQUIRE_LABS asks for the libvirt lab, but ${why}: ${labMissing}`);
  }
  return undefined;
};

/**
 * The lab, for tests that are skipped when there is none.
 * @throws when there is none.
 */
export const requireLibvirtLab = (): LibvirtLab => {
  const lab = libvirtLab();
  if (lab === undefined) throw new Error(labMissing);
  return lab;
};

const parse = (file: string, text: string): LibvirtLab => {
  let lab: LibvirtLab;
  try {
    lab = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is not JSON. Write it again with \`npm run labs\`.`, { cause });
  }
  const texts = [lab.uri, lab.socket, lab.guestDir, lab.workDir];
  if (texts.every((value) => typeof value === "string") && Number.isInteger(lab.pid)) return lab;
  throw new Error(`${file} lacks one of uri, socket, guestDir, workDir, pid. Write it again with \`npm run labs\`.`);
};

/** After a reboot the file and the socket may still be there, and the pid may be another process's. */
const isAlive = ({ socket, pid }: LibvirtLab): boolean => {
  try {
    return existsSync(socket) && readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "libvirtd";
  } catch {
    return false;
  }
};
