import { domainXmlFlags, type CallOptions, type LibvirtReader } from "@quiesce/node-libvirt";
import { orUndefined } from "../client/or-undefined.ts";
import { readXml, type XmlElement } from "./xml.ts";

export interface UsedVolume {
  readonly path: string;
  readonly pool: string;
  readonly name: string;
}

/**
 * Names of the machines that use a volume, running or by definition: as a disk, as a part of a disk's chain, as firmware
 * variables, in any other way that their XML tells. libvirt itself deletes and overwrites a volume under a running machine.
 */
export const volumeUsers = async (
  { domains }: Pick<LibvirtReader, "domains">,
  volume: UsedVolume,
  options: CallOptions,
): Promise<readonly string[]> => {
  const users = await Promise.all(
    (await domains.list(0, options)).map(async (domain) => {
      const xmls = await Promise.all(
        [0, domainXmlFlags.inactive].map((flags) => orUndefined(domains.xml(domain, flags, options), "no-domain")),
      );
      const uses = xmls.some((xml) => xml !== undefined && mentions(readXml(xml, "domain"), volume));
      return uses ? [domain.name] : [];
    }),
  );
  return users.flat();
};

/** Whether any part of a definition names a volume. */
export const mentions = (element: XmlElement, volume: UsedVolume): boolean =>
  element.text === volume.path ||
  Object.values(element.attributes).includes(volume.path) ||
  (element.attributes["pool"] === volume.pool && element.attributes["volume"] === volume.name) ||
  element.children.some((child) => mentions(child, volume));
