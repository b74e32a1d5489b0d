import type { ProcedureName } from "@quiesce/node-libvirt/protocol";

/** What a call is about. Lookups by UUID or path have that as the name. */
export interface CallObject {
  readonly kind: "domain" | "network" | "pool" | "volume";
  readonly name: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads it from the arguments. */
export const objectOf = (procedure: ProcedureName, args: unknown): CallObject | undefined => {
  const fields = asFields(args);
  const moment = asFields(fields["snapshot"] ?? fields["checkpoint"]);
  const domain = fields["domain"] ?? moment["domain"];
  if (domain !== undefined) return { kind: "domain", name: nameIn(domain) };
  if (fields["network"] !== undefined) return { kind: "network", name: nameIn(fields["network"]) };
  if (fields["volume"] !== undefined) {
    const volume = asFields(fields["volume"]);
    return { kind: "volume", name: `${asText(volume["pool"])}/${asText(volume["name"])}` };
  }
  if (fields["pool"] !== undefined) return { kind: "pool", name: nameIn(fields["pool"]) };
  return lookedUp(procedure, fields);
};

/** The snapshot, checkpoint or agent command that a call names. */
export const detailOf = (args: unknown): string | undefined => {
  const fields = asFields(args);
  const moment = fields["snapshot"] ?? fields["checkpoint"];
  if (moment !== undefined) return nameIn(moment);
  if (typeof fields["command"] === "string") return /"execute"\s*:\s*"([^"]*)"/u.exec(fields["command"])?.[1];
  return typeof fields["xml"] === "string" ? /<name>([^<]*)<\/name>/u.exec(fields["xml"])?.[1] : undefined;
};

const lookedUp = (procedure: ProcedureName, fields: Fields): CallObject | undefined => {
  const wanted = fields["name"] ?? fields["uuid"] ?? fields["path"] ?? fields["key"];
  if (typeof wanted !== "string") return undefined;
  const kind = kinds.find(([prefix]) => procedure.startsWith(prefix))?.[1];
  return kind === undefined ? undefined : { kind, name: wanted };
};

const kinds = [
  ["domain", "domain"],
  ["network", "network"],
  ["storagePool", "pool"],
  ["storageVol", "volume"],
] as const;

const nameIn = (ref: unknown): string => asText(asFields(ref)["name"]);
const asText = (value: unknown): string => (typeof value === "string" ? value : "");
const asFields = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});
