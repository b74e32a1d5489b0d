import type { Range } from "./range.ts";

/** A range of this size is given out although more of its kind may follow, so that work can begin. */
const enoughBytes = 1024 ** 3;

/** Joins neighbours of the same kind. Holds one range at a time. */
export class RangeJoiner {
  #open: Range | undefined;

  /** Takes the next range; gives back one that has ended. */
  add(next: Range): Range | undefined {
    const open = this.#open;
    if (open === undefined || !continues(open, next)) {
      this.#open = next;
      return open;
    }
    this.#open = { ...open, length: open.length + next.length };
    return undefined;
  }

  /** What is open: at the end, or when it is large. */
  flush(when: "large" | "end"): Range | undefined {
    const open = this.#open;
    if (open === undefined || (when === "large" && open.length < enoughBytes)) return undefined;
    this.#open = undefined;
    return open;
  }
}

const continues = (open: Range, next: Range): boolean =>
  open.is === next.is && open.offset + open.length === next.offset;
