import { asId, type DeploymentId, type OwnershipTag, type RunId } from "@quiesce/core";

/** A definition that a restore replaced and keeps, with whose it is, as it lies on the host. `virsh define` takes it as it is. */
export const keptDefinition = (definition: string, { store, deployment, run }: OwnershipTag): string =>
  // No two hyphens may stand in a comment.
  `<!-- ${mark}${JSON.stringify({ store, deployment, run }).replaceAll("-", "\\u002d")} -->\n${definition}`;

export interface KeptDefinition {
  readonly definition: string;
  /** Undefined for a text that carries none of ours. */
  readonly tag: OwnershipTag | undefined;
}

export const readKeptDefinition = (text: string): KeptDefinition => {
  const [comment = "", json = ""] = pattern.exec(text) ?? [];
  const tag = tagIn(json);
  return { tag, definition: tag === undefined ? text : text.slice(comment.length) };
};

const tagIn = (json: string): OwnershipTag | undefined => {
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
