import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { giveToLab, makeLabFolder } from "./lab-folder.ts";
import type { LibvirtLab } from "./libvirt-lab.ts";
import { uniqueName } from "./unique-name.ts";
import { virsh } from "./virsh.ts";

/** A storage pool of the lab; removes itself and its volumes at the end of `await using`. */
export interface LabPool extends AsyncDisposable {
  readonly name: string;
  /** The folder that holds its volumes. */
  readonly path: string;
}

/** Defines and starts a pool that keeps its volumes as files in a folder of its own. */
export const createPool = async (lab: LibvirtLab, label: string): Promise<LabPool> => {
  const folder = await makeLabFolder(lab, uniqueName(label));
  const path = join(folder, "volumes");
  await mkdir(path);
  await giveToLab(lab, folder);
  const pool = await definePool(lab, label, path);
  return {
    ...pool,
    [Symbol.asyncDispose]: async () => {
      await pool[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
};

/** Defines and starts a pool over a folder that is there, such as a guest's; its files stay when the pool goes. */
export const definePool = async (lab: LibvirtLab, label: string, path: string): Promise<LabPool> => {
  const name = uniqueName(label);
  await virsh(lab, "pool-define-as", name, "dir", "--target", path);
  await virsh(lab, "pool-start", name);
  const listed = async (...options: readonly string[]): Promise<boolean> =>
    (await virsh(lab, "pool-list", "--name", ...options))
      .split("\n")
      .map((line) => line.trim())
      .includes(name);
  return {
    name,
    path,
    [Symbol.asyncDispose]: async () => {
      if (await listed()) await virsh(lab, "pool-destroy", name);
      if (await listed("--all")) await virsh(lab, "pool-undefine", name);
    },
  };
};
