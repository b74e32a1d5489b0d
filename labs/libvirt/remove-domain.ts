import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";

import type { LibvirtLab } from "./libvirt-lab.ts";
import { virsh, virshAtExit } from "./virsh.ts";

const commands = (name: string): readonly (readonly string[])[] => [
  ["destroy", name],
  ["undefine", name, "--managed-save", "--snapshots-metadata", "--checkpoints-metadata", "--nvram"],
];

/**
 * Ends a domain, removes its definition with all that hangs on it, and its folder in the lab, if it has one.
 * @throws when the domain is still there afterwards.
 */
export const removeDomain = async (lab: LibvirtLab, name: string): Promise<void> => {
  const failures: unknown[] = [];
  // That it is off, or gone, is no failure: what counts is that it is not listed in the end.
  for (const command of commands(name)) await virsh(lab, ...command).catch((error: unknown) => failures.push(error));
  if ((await virsh(lab, "list", "--all", "--name")).split("\n").includes(name))
    throw new AggregateError(failures, `The lab's guest ${name} could not be removed.`);
  await rm(join(lab.workDir, name), { recursive: true, force: true });
};

const open = new Map<string, LibvirtLab>();

/** Removes a domain when this process ends and nobody did before, as after a failed test. */
export const removeDomainAtExit = (lab: LibvirtLab, name: string): void => {
  if (open.size === 0) process.once("exit", removeOpen);
  open.set(name, lab);
};

export const domainIsRemoved = (name: string): void => {
  open.delete(name);
  if (open.size === 0) process.off("exit", removeOpen);
};

const removeOpen = (): void => {
  for (const [name, lab] of open) {
    for (const command of commands(name)) virshAtExit(lab, ...command);
    rmSync(join(lab.workDir, name), { recursive: true, force: true });
  }
};
