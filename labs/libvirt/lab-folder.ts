import { chown, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { LibvirtLab } from "./libvirt-lab.ts";

/** Makes the folder of a guest or a pool. The note of its owner lets the next `up.sh` remove what a killed test left. */
export const makeLabFolder = async (lab: LibvirtLab, name: string): Promise<string> => {
  const folder = join(lab.workDir, name);
  await mkdir(folder);
  await writeFile(join(folder, "owner"), `${process.pid}\n`);
  return folder;
};

/** Gives a folder and its files to the user that runs the lab; only root has to, all others are that user. */
export const giveToLab = async (lab: LibvirtLab, folder: string): Promise<void> => {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(lab.workDir);
  for (const path of [folder, ...(await readdir(folder)).map((entry) => join(folder, entry))])
    await chown(path, uid, gid);
};
