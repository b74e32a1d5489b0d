/**
 * Whether a text fits a pattern in which `*` stands for any characters and `?` for one. Time is bounded by the
 * product of both lengths, whatever the pattern.
 */
export const matchesGlob = (pattern: string, text: string): boolean => {
  const wanted = Array.from(pattern);
  const given = Array.from(text);
  let at = 0;
  let retryPattern = -1;
  let retryText = 0;
  for (let index = 0; index < given.length;) {
    if (wanted[at] === "*") {
      // Try the shortest stretch first; when the rest does not fit, come back and take one character more.
      [retryPattern, retryText] = [at, index];
      at += 1;
    } else if (wanted[at] === "?" || wanted[at] === given[index]) {
      at += 1;
      index += 1;
    } else if (retryPattern >= 0) {
      retryText += 1;
      [at, index] = [retryPattern + 1, retryText];
    } else return false;
  }
  return wanted.slice(at).every((each) => each === "*");
};
