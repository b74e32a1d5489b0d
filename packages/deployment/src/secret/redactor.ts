/** Shortest line of a longer secret that is masked by itself; shorter ones stand in ordinary text as well. */
const minLine = 8;

/** The forms in which a secret appears in messages: as it is, inside JSON, in a URL, as base64, and line by line. */
const formsOf = (secret: string): readonly string[] => {
  const wellFormed = secret.toWellFormed();
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(wellFormed),
    Buffer.from(secret).toString("base64"),
    ...secret.split(/\r?\n/).filter((line) => line.length >= minLine),
  ];
};

/** A function that replaces every given secret in a text by `***`. Empty secrets are left out. */
export const redactor = (secrets: readonly string[]): ((text: string) => string) => {
  // Longest first: a secret that contains another one is masked as a whole.
  const forms = [...new Set(secrets.flatMap(formsOf))]
    .filter((form) => form !== "")
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((masked, form) => masked.replaceAll(form, "***"), text);
};
