import type { ProcedureName } from "@quiesce/node-libvirt/protocol";
import type { Host } from "../host/host.ts";

/** What a call is about. */
export interface CallObject {
  readonly kind: "domain" | "network" | "pool" | "volume";
  /** Its name at the host, whatever the client calls it; for volumes `pool/volume`. */
  readonly name: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads from the arguments what a call is about. */
export const objectOf = (host: Host, procedure: ProcedureName, args: unknown): CallObject | undefined => {
  const fields = asFields(args);
  const moment = asFields(fields["snapshot"] ?? fields["checkpoint"]);
  const domain = fields["domain"] ?? moment["domain"];
  if (domain !== undefined) return { kind: "domain", name: nameOf(host.domains, domain) };
  if (fields["network"] !== undefined) return { kind: "network", name: nameOf(host.networks, fields["network"]) };
  if (fields["volume"] !== undefined) {
    const volume = asFields(fields["volume"]);
    return { kind: "volume", name: `${asText(volume["pool"])}/${asText(volume["name"])}` };
  }
  if (fields["pool"] !== undefined) return { kind: "pool", name: nameOf(host.pools, fields["pool"]) };
  return lookedUp(host, procedure, fields);
};

/** The snapshot or checkpoint that a call names or makes, or the agent's command. */
export const detailOf = (args: unknown): string | undefined => {
  const fields = asFields(args);
  const moment = fields["snapshot"] ?? fields["checkpoint"];
  if (moment !== undefined) return asText(asFields(moment)["name"]);
  if (typeof fields["command"] === "string") return /"execute"\s*:\s*"([^"]*)"/u.exec(fields["command"])?.[1];
  return nameInXml(fields["xml"]);
};

const lookedUp = (host: Host, procedure: ProcedureName, fields: Fields): CallObject | undefined => {
  const kind = kinds.find(([prefix]) => procedure.startsWith(prefix))?.[1];
  const wanted = fields["name"] ?? fields["path"] ?? fields["key"] ?? nameInXml(fields["xml"]);
  if (kind === undefined) return undefined;
  if (typeof wanted === "string") return { kind, name: wanted };
  if (kind === "volume" || fields["uuid"] === undefined) return undefined;
  return {
    kind,
    name: nameOf(kind === "domain" ? host.domains : kind === "network" ? host.networks : host.pools, fields),
  };
};

const kinds = [
  ["domain", "domain"],
  ["network", "network"],
  ["storagePool", "pool"],
  ["storageVol", "volume"],
] as const;

/** A reference counts by its UUID; its name is what the client believes. */
const nameOf = (known: ReadonlyMap<string, { readonly name: string }>, ref: unknown): string => {
  const { name, uuid } = asFields(ref);
  return known.get(asText(uuid))?.name ?? (asText(name) || asText(uuid));
};

const nameInXml = (xml: unknown): string | undefined =>
  typeof xml === "string" ? /<name>([^<]*)<\/name>/u.exec(xml)?.[1] : undefined;
const asText = (value: unknown): string => (typeof value === "string" ? value : "");
const asFields = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});
