import { byText } from "./by-text.ts";

/** The known names that look most like a name that is not known: at most three. */
export const near = (name: string, known: Iterable<string>): readonly string[] => {
  const limit = Math.max(1, Math.floor(name.length / 3));
  const close: { readonly name: string; readonly distance: number }[] = [];
  for (const other of known) {
    const distance = other.startsWith(name) ? 1 : distanceOf(name.toLowerCase(), other.toLowerCase(), limit);
    if (distance <= limit) close.push({ name: other, distance });
  }
  return close
    .sort((a, b) => a.distance - b.distance || byText(a.name, b.name))
    .slice(0, 3)
    .map(({ name }) => name);
};

/** Levenshtein distance; any number above `limit` when it is more than that. */
const distanceOf = (a: string, b: string, limit: number): number => {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      line.push(Math.min(change, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[b.length] ?? limit + 1;
};
