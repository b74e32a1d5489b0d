/** The known word that was probably meant: at most two fifths of its letters differ. */
export const near = (word: string, known: readonly string[]): string | undefined => {
  const ranked = known
    .map((candidate) => ({ candidate, distance: distanceOf(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.round(candidate.length * 0.4)))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate;
};

/** Levenshtein: how many letters must be changed, added or dropped. */
const distanceOf = (a: string, b: string): number => {
  if (Math.abs(a.length - b.length) > 8 || a.length > 64) return Infinity;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? Infinity;
};
