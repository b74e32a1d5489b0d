import { randomBytes } from "node:crypto";

/** Every name is as long as that of the guest that was saved once, which it replaces in the saved image in place. */
const nameLength = 12;

/**
 * A name that parallel tests do not share: the label, a dash and random digits, 12 characters in all.
 * @throws when the label is not 1 to 7 lower-case letters and digits, the first a letter.
 */
export const uniqueName = (label: string): string => {
  if (!/^[a-z][a-z0-9]{0,6}$/.test(label))
    throw new Error(`The label "${label}" must be 1 to 7 lower-case letters and digits, the first a letter.`);
  return `${label}-${randomBytes(nameLength).toString("hex")}`.slice(0, nameLength);
};
