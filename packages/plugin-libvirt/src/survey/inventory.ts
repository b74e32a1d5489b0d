import type { CallOptions, DomainRef } from "@quiesce/node-libvirt";
import { readDomain, type Domain } from "../api/domain.ts";
import { volumePath } from "../api/volume-path.ts";
import type { Reader } from "../client/session.ts";
import { orUndefined } from "../client/or-undefined.ts";

/** A domain with the paths of its hard disks' volumes. */
export interface Listed {
  readonly ref: DomainRef;
  readonly domain: Domain;
  /** By the disk's name inside the machine. */
  readonly paths: ReadonlyMap<string, string>;
}

/** Every domain of the host. One that is undefined meanwhile is left out. */
export const readInventory = async ({ libvirt }: Reader, options: CallOptions): Promise<readonly Listed[]> => {
  const refs = await libvirt.domains.list(0, options);
  const listed = await Promise.all(
    refs.map(async (ref): Promise<readonly Listed[]> => {
      const xml = await orUndefined(libvirt.domains.xml(ref, 0, options), "no-domain");
      if (xml === undefined) return [];
      const domain = readDomain(xml);
      return [{ ref, domain, paths: await pathsOf(libvirt, domain, options) }];
    }),
  );
  return listed.flat();
};

export const pathsOf = async (
  libvirt: Reader["libvirt"],
  { disks }: Domain,
  options: CallOptions,
): Promise<ReadonlyMap<string, string>> => {
  const paths = await Promise.all(
    disks.map(async ({ name, source }) => [name, await volumePath(libvirt, source, options)] as const),
  );
  return new Map(paths.flatMap(([name, path]) => (path === undefined ? [] : [[name, path] as const])));
};
