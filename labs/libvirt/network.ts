import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { makeLabFolder } from "./lab-folder.ts";
import type { LibvirtLab } from "./libvirt-lab.ts";
import { uniqueName } from "./unique-name.ts";
import { virsh } from "./virsh.ts";

/** A network of the lab; removes itself at the end of `await using`. */
export interface LabNetwork extends AsyncDisposable {
  readonly name: string;
}

/**
 * Defines an isolated network with an address range. It cannot be started: the lab's daemon runs as an ordinary user,
 * who may not make bridges.
 */
export const defineNetwork = async (lab: LibvirtLab, label: string): Promise<LabNetwork> => {
  const name = uniqueName(label);
  const folder = await makeLabFolder(lab, name);
  const xml = join(folder, "network.xml");
  await writeFile(
    xml,
    `<network><name>${name}</name><bridge name='${name}'/>` +
      `<ip address='192.168.150.1' netmask='255.255.255.0'><dhcp><range start='192.168.150.10' end='192.168.150.99'/></dhcp></ip></network>`,
  );
  await virsh(lab, "net-define", xml);
  return {
    name,
    [Symbol.asyncDispose]: async () => {
      const isThere = async (): Promise<boolean> =>
        (await virsh(lab, "net-list", "--all", "--name")).split("\n").includes(name);
      if (await isThere()) await virsh(lab, "net-undefine", name);
      await rm(folder, { recursive: true });
    },
  };
};
