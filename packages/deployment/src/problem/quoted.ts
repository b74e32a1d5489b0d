import { looksSecret } from "../secret/looks-secret.ts";

/** A piece of the user's text for a message: short, on one line, without control characters, and never a secret. */
export const quoted = (text: string): string => {
  if (looksSecret(text) !== undefined) return '"***"';
  const oneLine = text.replace(/[\p{C}"]/gu, "?");
  return `"${oneLine.length > 60 ? `${oneLine.slice(0, 59)}…` : oneLine}"`;
};
