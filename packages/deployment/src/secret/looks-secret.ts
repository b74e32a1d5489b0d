const privateKey = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY-----/;
// Bounded repeats keep the time linear in the length of the text.
const passwordInUrl = /:\/\/[^\s/?#@:]{0,256}:[^\s/?#@]{1,512}@/;
const assignment = /(?:password|passwd|passphrase|secret|token|api[-_]?key)=["']?[^\s&$"']/i;

/** What kind of secret a text evidently holds, whatever the key above it; nothing if it holds none. */
export const looksSecret = (text: string): string | undefined => {
  if (privateKey.test(text)) return "a private key";
  if (passwordInUrl.test(text)) return "a URL with a password";
  if (assignment.test(text)) return "an assignment of a secret";
  return undefined;
};
