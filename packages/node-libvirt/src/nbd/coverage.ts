/** More pieces than this, each apart from the others, are no answer that a server would give. */
const maxPieces = 1024;

/** Which bytes of an answer have come. Pieces may come in any order, but none twice. */
export class Coverage {
  /** In order, apart from each other. */
  readonly #pieces: { from: number; to: number }[] = [];

  /** False when some of these bytes have come before, or when there are too many pieces. */
  add(from: number, to: number): boolean {
    const after = this.#pieces.findLastIndex((piece) => piece.from <= from);
    const before = this.#pieces[after];
    const next = this.#pieces[after + 1];
    if ((before !== undefined && before.to > from) || (next !== undefined && next.from < to)) return false;
    const joinsNext = next?.from === to;
    if (before?.to === from) {
      before.to = joinsNext ? next.to : to;
      if (joinsNext) this.#pieces.splice(after + 1, 1);
    } else if (joinsNext) next.from = from;
    else this.#pieces.splice(after + 1, 0, { from, to });
    return this.#pieces.length <= maxPieces;
  }

  /** Whether every byte up to `length` has come. */
  isComplete(length: number): boolean {
    const [first, second] = this.#pieces;
    return second === undefined && first?.from === 0 && first.to === length;
  }
}
