import { asId, type DeploymentId, type OwnershipTag, type RunId } from "@quiesce/core";

/** A definition that a restore replaced and keeps, with whose it is, as it lies on the host. `virsh define` takes it as it is. */
export const keptDefinition = (definition: string, { store, deployment, run }: OwnershipTag): string =>
  // No two hyphens may stand in a comment.
  `<!-- ${mark}${JSON.stringify({ store, deployment, run }).replaceAll("-", "\\u002d")} -->\n${definition}`;

/** Undefined for a text that carries no tag of ours. */
export const tagOfKeptDefinition = (text: string): OwnershipTag | undefined => {
  const [, json] = pattern.exec(text) ?? [];
  if (json === undefined) return undefined;
  try {
    const { store, deployment, run } = JSON.parse(json) as Partial<Record<string, string>>;
    if (store === undefined || deployment === undefined || run === undefined) return undefined;
    return { store, deployment: asId<DeploymentId>(deployment), run: asId<RunId>(run) };
  } catch {
    return undefined;
  }
};

const mark = "quiesce: ";
const pattern = /^<!-- quiesce: (\{[^\n]*\}) -->\n/;
