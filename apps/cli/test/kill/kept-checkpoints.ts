import { connect, checkpointCreateFlags } from "@quiesce/node-libvirt";

/** The checkpoints of each domain as the daemon describes them. */
export type KeptCheckpoints = ReadonlyMap<string, readonly { readonly name: string; readonly xml: string }[]>;

/** The checkpoints of all machines that have some. */
export const readCheckpoints = async (uri: string): Promise<KeptCheckpoints> => {
  const libvirt = await connect(uri);
  try {
    const found = new Map<string, { readonly name: string; readonly xml: string }[]>();
    for (const domain of await libvirt.domains.list())
      for (const checkpoint of await libvirt.checkpoints.list(domain)) {
        const kept = { name: checkpoint.name, xml: await libvirt.checkpoints.xml(checkpoint) };
        found.set(domain.name, [...(found.get(domain.name) ?? []), kept]);
      }
    return found;
  } finally {
    await libvirt.close();
  }
};

/** Describes checkpoints again that are there already, so that they carry what was written into them. */
export const writeCheckpoints = async (uri: string, kept: KeptCheckpoints): Promise<void> => {
  if (kept.size === 0) return;
  const libvirt = await connect(uri);
  try {
    for (const [name, checkpoints] of kept) {
      const domain = await libvirt.domains.byName(name);
      for (const { xml } of checkpoints) await libvirt.checkpoints.create(domain, xml, checkpointCreateFlags.redefine);
    }
  } finally {
    await libvirt.close();
  }
};
