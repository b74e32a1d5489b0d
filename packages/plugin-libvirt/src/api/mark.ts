import { asId, type DeploymentId, type OwnershipTag, type RunId } from "@quiesce/core";
import {
  domainImpactFlags,
  type CallOptions,
  type DomainRef,
  type LibvirtReader,
  type LibvirtWriter,
} from "@quiesce/node-libvirt";
import { orUndefined } from "../client/or-undefined.ts";
import { escapeXml } from "./escape-xml.ts";
import { at, readXml, type XmlElement } from "./xml.ts";

/**
 * A note of ours in a domain's own metadata, so that it lives and dies with the machine's definition. libvirt keeps one
 * element per namespace.
 */
export interface MarkKind {
  readonly uri: string;
  readonly element: string;
}

/** What a suspend of ours found before it acted. */
export const suspendedMark: MarkKind = { uri: "urn:quiesce:libvirt:suspended:1", element: "suspended" };
/** Which run put this machine back to a snapshot: arrives with the snapshot's own definition. */
export const restoredMark: MarkKind = { uri: "urn:quiesce:libvirt:restored:1", element: "restored" };

/** Which restore was taken back: arrives with the definition that was kept. */
export const undoneMark: MarkKind = { uri: "urn:quiesce:libvirt:undone:1", element: "undone" };

/** Which run started this machine without letting it run: in what runs only, so that it ends with that. */
export const wokenMark: MarkKind = { uri: "urn:quiesce:libvirt:woken:1", element: "woken" };

export const markPrefix = "quiesce";

export type MarkFields = Readonly<Record<string, string>>;

/** The fields of a mark, or undefined when the domain has none. */
export const readMark = async (
  { domains }: Pick<LibvirtReader, "domains">,
  domain: DomainRef,
  { uri, element }: MarkKind,
  options: CallOptions,
): Promise<MarkFields | undefined> => {
  const xml = await orUndefined(domains.metadata(domain, uri, 0, options), "no-domain-metadata");
  return xml === undefined ? undefined : readXml(xml, element).attributes;
};

export const writeMark = async (
  libvirt: Pick<LibvirtWriter, "domains">,
  domain: DomainRef,
  { uri, element }: MarkKind,
  fields: MarkFields,
  options: CallOptions & { readonly in?: "all" | "running" },
): Promise<void> => {
  const xml = `<${element} ${attributes(fields)}/>`;
  const where = options.in === "running" ? domainImpactFlags.live : await impact(libvirt, domain, options);
  await libvirt.domains.setMetadata(domain, { uri, prefix: markPrefix, xml }, where, options);
};

/** Absent is as good as removed. */
export const removeMark = async (
  libvirt: Pick<LibvirtWriter, "domains">,
  domain: DomainRef,
  { uri }: MarkKind,
  options: CallOptions,
): Promise<void> => {
  const where = await impact(libvirt, domain, options);
  await orUndefined(libvirt.domains.removeMetadata(domain, uri, where, options), "no-domain-metadata");
};

export const attributes = (fields: MarkFields): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}="${escapeXml(value)}"`)
    .join(" ");

/** Both the running machine and its definition, as far as there are both. */
const impact = async (
  { domains }: Pick<LibvirtReader, "domains">,
  domain: DomainRef,
  options: CallOptions,
): Promise<number> => {
  const [active, persistent] = await Promise.all([
    domains.isActive(domain, options),
    domains.isPersistent(domain, options),
  ]);
  return (active ? domainImpactFlags.live : 0) | (persistent ? domainImpactFlags.config : 0);
};

/** The fields of a mark in a definition that was read as a whole. */
export const markIn = (domain: XmlElement, { uri }: MarkKind): MarkFields | undefined =>
  at(domain, "metadata")?.children.find(({ attributes: own }) => Object.values(own).includes(uri))?.attributes;

/** Whose mark it is; undefined when it does not say so whole. */
export const tagOfMark = (mark: MarkFields | undefined): OwnershipTag | undefined => {
  const { store, deployment, run } = mark ?? {};
  if (store === undefined || deployment === undefined || run === undefined) return undefined;
  return { store, deployment: asId<DeploymentId>(deployment), run: asId<RunId>(run) };
};

export const isSameTag = (one: OwnershipTag | undefined, other: OwnershipTag): boolean =>
  one?.store === other.store && one.deployment === other.deployment && one.run === other.run;
