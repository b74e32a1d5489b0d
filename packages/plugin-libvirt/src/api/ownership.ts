import { asId, type Consistency, type DeploymentId, type OwnershipTag, type RunId } from "@quiesce/core";

/**
 * What a snapshot's description says of where it comes from. `domain` keeps a copy of the text on another machine
 * from passing as ours. `consistency` is written when the content is fixed, so that a later look need not guess it.
 */
export interface Ownership {
  readonly tag: OwnershipTag;
  readonly domain: string;
  readonly consistency: Consistency;
}

const mark = "quiesce: ";
const levels: readonly string[] = ["app", "fs", "memory", "paused", "offline", "crash"] satisfies Consistency[];

export const describe = ({ tag, domain, consistency }: Ownership, about: string): string =>
  `${about}. Restore and remove it with Quiesce.\n${mark}${JSON.stringify({ ...tag, domain, consistency })}`;

/** Undefined for a description that is not ours, or not whole. */
export const ownershipOf = (description: string): Ownership | undefined => {
  const lines = description.split("\n").filter((line) => line.startsWith(mark));
  const fields = lines.length === 1 ? parse(lines[0]?.slice(mark.length) ?? "") : undefined;
  if (fields === undefined) return undefined;
  const { store, deployment, run, domain, consistency } = fields;
  if (store === undefined || deployment === undefined || run === undefined) return undefined;
  if (domain === undefined || consistency === undefined || !levels.includes(consistency)) return undefined;
  const tag = { store, deployment: asId<DeploymentId>(deployment), run: asId<RunId>(run) };
  return { tag, domain, consistency: consistency as Consistency };
};

const parse = (json: string): Readonly<Record<string, string>> | undefined => {
  try {
    const parsed: unknown = JSON.parse(json);
    if (typeof parsed !== "object" || parsed === null) return undefined;
    return Object.fromEntries(Object.entries(parsed).filter(([, value]) => typeof value === "string"));
  } catch {
    return undefined;
  }
};
