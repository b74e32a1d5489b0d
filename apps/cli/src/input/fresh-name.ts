import { randomInt } from "node:crypto";

// No vowels and no look-alikes: the names are read aloud and typed.
const letters = "bcdfghjkmnpqrstvwxz23456789";

/** A name that sorts by time and that two processes do not choose alike: `20261122T091603Z-k3f9`. */
export const freshName = (now: Date, suffixLength: number): string => {
  const time = now.toISOString().replace(/[-:]/g, "").replace(/\.\d+/, "");
  const suffix = Array.from({ length: suffixLength }, () => letters[randomInt(letters.length)]).join("");
  return `${time}-${suffix}`;
};
