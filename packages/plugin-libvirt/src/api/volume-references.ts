import type { CallOptions, LibvirtReader } from "@quiesce/node-libvirt";
import { orUndefined } from "../client/or-undefined.ts";
import { volumeDependants } from "./volume-dependants.ts";
import { mentions, volumeUsers, type UsedVolume } from "./volume-users.ts";
import { readXml } from "./xml.ts";

/**
 * All that needs a volume, for people: machines that run on it or are defined with it, snapshots in whose definitions it
 * stands, volumes that are differences to it. `except`: a machine whose own use does not count.
 */
export const volumeReferences = async (
  libvirt: Pick<LibvirtReader, "domains" | "snapshots" | "pools" | "volumes">,
  volume: UsedVolume,
  options: CallOptions,
  except?: string,
): Promise<readonly string[]> => {
  const users = await volumeUsers(libvirt, volume, options);
  return [
    ...users.filter((name) => name !== except),
    ...(await snapshotsWith(libvirt, volume, options)),
    ...(await volumeDependants(libvirt, volume.path, options)),
  ];
};

const snapshotsWith = async (
  { domains, snapshots }: Pick<LibvirtReader, "domains" | "snapshots">,
  volume: UsedVolume,
  options: CallOptions,
): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const domain of await domains.list(0, options))
    for (const ref of (await orUndefined(snapshots.list(domain, 0, options), "no-domain")) ?? []) {
      const xml = await orUndefined(snapshots.xml(ref, 0, options), "no-snapshot", "no-domain");
      if (xml !== undefined && mentions(readXml(xml, "domainsnapshot"), volume))
        found.push(`snapshot ${ref.name} of ${domain.name}`);
    }
  return found;
};
