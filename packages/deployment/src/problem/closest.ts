/** Edit distance (insert, remove, replace), or `limit + 1` as soon as it is certainly above `limit`. */
const distance = (a: string, b: string, limit: number): number => {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    if (Math.min(...row) > limit) return limit + 1;
    previous = row;
  }
  return previous[b.length] ?? limit + 1;
};

/** The known word that was most likely meant: at most a third of its letters differ, and at most three. */
export const closest = (word: string, known: Iterable<string>): string | undefined => {
  if (word.length > 64) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.ceil(word.length / 3)) + 1;
  for (const candidate of known) {
    const found = distance(wanted, candidate.toLowerCase(), bestDistance - 1);
    if (found < bestDistance) [best, bestDistance] = [candidate, found];
  }
  return best;
};

/** `Did you mean "db"?`, or what is known when nothing is near. */
export const suggestion = (word: string, known: readonly string[], noun: string): string => {
  const near = closest(word, known);
  if (near !== undefined) return `Did you mean "${near}"?`;
  if (known.length === 0) return `The file has no ${noun}.`;
  const shown = known.slice(0, 12).join(", ");
  return `Known ${noun}: ${shown}${known.length > 12 ? `, and ${known.length - 12} more` : ""}.`;
};
