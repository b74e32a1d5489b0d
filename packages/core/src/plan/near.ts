import { byText } from "./by-text.ts";

/** The known names that look most like a name that is not known: at most three. */
export const near = (name: string, known: Iterable<string>): readonly string[] => {
  const limit = name.length < 6 ? 1 : name.length < 12 ? 2 : 3;
  const wanted = name.toLowerCase();
  const close: { readonly name: string; readonly distance: number }[] = [];
  for (const other of known) {
    const distance = other.startsWith(name) ? 1 : distanceOf(wanted, other.toLowerCase(), limit);
    if (distance <= limit) close.push({ name: other, distance });
  }
  return close
    .sort((a, b) => a.distance - b.distance || byText(a.name, b.name))
    .slice(0, 3)
    .map((one) => one.name);
};

/**
 * Typing mistakes between two names: a letter too many, missing, wrong, or two that changed places (optimal string
 * alignment). Any number above `limit` when there are more.
 */
const distanceOf = (a: string, b: string, limit: number): number => {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeAbove: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let best = Math.min(
        (above[column - 1] ?? 0) + (same ? 0 : 1),
        (above[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        best = Math.min(best, (beforeAbove[column - 2] ?? 0) + 1);
      line.push(best);
      least = Math.min(least, best);
    }
    if (least > limit) return limit + 1;
    beforeAbove = above;
    above = line;
  }
  return above[b.length] ?? limit + 1;
};
