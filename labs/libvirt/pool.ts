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

/** Defines and starts a pool that keeps its volumes as files in a folder. */
export const createPool = async (lab: LibvirtLab, label: string): Promise<LabPool> => {
  const name = uniqueName(label);
  const folder = await makeLabFolder(lab, name);
  const path = join(folder, "volumes");
  await mkdir(path);
  await giveToLab(lab, folder);
  await virsh(lab, "pool-define-as", name, "dir", "--target", path);
  await virsh(lab, "pool-start", name);
  return {
    name,
    path,
    [Symbol.asyncDispose]: async () => {
      const listed = async (...options: readonly string[]): Promise<boolean> =>
        (await virsh(lab, "pool-list", "--name", ...options))
          .split("\n")
          .map((line) => line.trim())
          .includes(name);
      if (await listed()) await virsh(lab, "pool-destroy", name);
      if (await listed("--all")) await virsh(lab, "pool-undefine", name);
      await rm(folder, { recursive: true });
    },
  };
};
