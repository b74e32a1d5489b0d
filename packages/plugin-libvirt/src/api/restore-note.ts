import { asId, type DeploymentId, type OwnershipTag, type RunId } from "@quiesce/core";

/**
 * Whose the new volumes of a restore are until a machine's definition names them. libvirt keeps no tag with a volume, so a
 * small volume with this text is made before the first of them in each pool, and goes as soon as the definition is there.
 */
export interface RestoreNote {
  readonly tag: OwnershipTag;
  /** UUID of the machine, or path of the volume, that is restored. */
  readonly of: string;
  /** What the names of all new volumes of this restore begin with. */
  readonly base: string;
}

const suffix = ".quiesce-restore";
const mark = "quiesce-restore/1";

export const noteName = (base: string): string => `${base}${suffix}`;

export const isNoteName = (name: string): boolean => name.endsWith(suffix);

/** Whether a volume in the note's own pool is of that restore. What a machine uses by now is the machine's all the same. */
export const isNoted = ({ base }: Pick<RestoreNote, "base">, name: string): boolean =>
  name.startsWith(`${base}-`) || name === `${base}.part`;

/** Says that this restore makes a volume under another name than its own: the one that it had before it was gone. */
export const claimName = (own: string): string => `${own}.claim`;

/** Beside the new disks: the definition that a restore replaced. Without a note beside it, it is a way back. */
export const keptDefinitionName = (base: string): string => `${base}-before.xml`;

export const noteText = ({ tag, of, base }: RestoreNote): string =>
  JSON.stringify({ is: mark, store: tag.store, deployment: tag.deployment, run: tag.run, of, base });

/** Undefined for a text that is no note, or not whole, or of another name than its volume's. */
export const readNote = (text: string, volume: string): RestoreNote | undefined => {
  // A volume of a block device is longer than what was written to it.
  const fields = parse(text.replace(/\0+$/, ""));
  const { is, store, deployment, run, of, base } = fields;
  if (is !== mark || !isText(store) || !isText(deployment) || !isText(run) || !isText(of) || !isText(base))
    return undefined;
  if (noteName(base) !== volume) return undefined;
  return { tag: { store, deployment: asId<DeploymentId>(deployment), run: asId<RunId>(run) }, of, base };
};

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const parse = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
};
