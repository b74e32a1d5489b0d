const longest = 300;

/** Text of a server, made fit for a message: on one line, without control characters, not endless. */
export const serverText = (bytes: Buffer): string => {
  const text = bytes
    .toString("utf8")
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
};
