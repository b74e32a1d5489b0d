import { asId, type Problem, type ProblemCode } from "@quiesce/core";
import { namePattern } from "../schema/text.ts";
import { spotAt, type Path, type Spot } from "../source/spot.ts";

/** One complaint. `hint` may be a function, so that a costly suggestion is looked for only when it is shown. */
export interface Complaint {
  readonly message: string;
  readonly hint?: string | (() => string | undefined);
  readonly code?: ProblemCode;
  /** Point at the key and not at its value. */
  readonly atKey?: boolean;
}

/** Collects what is wrong with one file. One problem for each place: the first one stands. */
export interface ProblemList {
  /** True when there are so many problems that looking for more helps nobody. */
  readonly isFull: boolean;
  atOffset(offset: number, complaint: Complaint): void;
  at(root: Spot, path: Path, complaint: Complaint): void;
  /** Where a key stands, for a problem that is found later. */
  placeOf(root: Spot, path: Path): NonNullable<Problem["at"]>;
  /** In the order of the file; of very many, the first ones and a word that there are more. */
  toProblems(): readonly Problem[];
}

/** Problems shown at most: whoever has more is helped by the first ones. */
const maxShown = 100;
/** Problems kept at most, so that hostile text with a million of them stays cheap. */
const maxKept = 1_000;

interface Entry {
  readonly offset: number;
  readonly complaint: Complaint;
  readonly path: Path;
}

export const createProblemList = (
  file: string,
  position: (offset: number) => { readonly line: number; readonly column: number },
): ProblemList => {
  const entries = new Map<string, Entry>();
  const add = (place: string, entry: Entry): void => {
    if (entries.size < maxKept && !entries.has(place)) entries.set(place, entry);
  };
  const toProblem = ({ offset, complaint, path }: Entry): Problem => {
    const { hint: given, code = "config-invalid", message } = complaint;
    const hint = typeof given === "function" ? given() : given;
    const [section, instance] = path;
    return {
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(section === "instances" && typeof instance === "string" && namePattern.test(instance)
        ? { instance: asId(instance) }
        : {}),
      at: { file, ...position(offset) },
    };
  };
  return {
    get isFull() {
      return entries.size >= maxKept;
    },
    atOffset: (offset, complaint) => add(`@${offset}`, { offset, complaint, path: [] }),
    at: (root, path, complaint) => {
      const { spot, exact } = spotAt(root, path);
      const offset = complaint.atKey === true || !exact ? (spot.keyOffset ?? spot.offset) : spot.offset;
      // Two missing keys of one map stand at the same offset, and yet they are two places.
      add(exact ? `@${offset}` : path.join("\0"), { offset, complaint, path });
    },
    placeOf: (root, path) => {
      const { spot } = spotAt(root, path);
      return { file, ...position(spot.keyOffset ?? spot.offset) };
    },
    toProblems: () => {
      const sorted = [...entries.values()].sort((a, b) => a.offset - b.offset);
      const shown = sorted.slice(0, maxShown).map(toProblem);
      if (sorted.length <= maxShown) return shown;
      const more = sorted.length - maxShown;
      const message = `${more}${entries.size < maxKept ? "" : " or more"} other problems in ${file} are not shown`;
      return [...shown, { code: "config-invalid", message, hint: "Mend the first ones and read the file again." }];
    },
  };
};
