import { asId, type DeploymentId, type OwnershipTag, type RunId } from "@quiesce/core";

/** A volume's name that says whose it is. libvirt keeps no note with a volume, so that the name itself is the proof. */
export interface TaggedName {
  readonly tag: OwnershipTag;
  /** What it is for, in letters that a file's name may have: `<uuid>-vda.scratch`. */
  readonly label: string;
}

const mark = "quiesce";
const separator = "+";

/** A file's name has 255 bytes, and pools and tools put something behind it. */
const longest = 230;

/**
 * `quiesce+STORE+RUN+DEPLOYMENT+LABEL`: nobody who does not know the ids of store and run comes upon it. Undefined where it
 * would be too long for a file; what has no such name is found by its own run, and not by a sweep.
 */
export const taggedName = ({ store, run, deployment }: OwnershipTag, label: string): string | undefined => {
  const name = [mark, ...[store, run, deployment].map(encode), label].join(separator);
  return name.length > longest ? undefined : name;
};

/** Undefined for a name that is not of this form. */
export const readTaggedName = (name: string): TaggedName | undefined => {
  const [first, store = "", run = "", deployment = "", label = "", ...rest] = name.split(separator);
  if (first !== mark || rest.length > 0) return undefined;
  if ([store, run, deployment, label].includes("")) return undefined;
  const tag = {
    store: decode(store),
    deployment: asId<DeploymentId>(decode(deployment)),
    run: asId<RunId>(decode(run)),
  };
  return taggedName(tag, label) === name ? { tag, label } : undefined;
};

/** Letters that every kind of pool takes; all others by their bytes. */
const encode = (text: string): string =>
  Array.from(Buffer.from(text), (byte) =>
    /[A-Za-z0-9.-]/.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `_${byte.toString(16).padStart(2, "0")}`,
  ).join("");

const decode = (text: string): string =>
  Buffer.concat(
    (text.match(/_[0-9a-f]{2}|[^]/g) ?? []).map((part) =>
      part.length === 3 ? Buffer.from(part.slice(1), "hex") : Buffer.from(part),
    ),
  ).toString("utf8");
