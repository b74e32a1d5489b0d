const secretParts = ["password", "passwd", "passphrase", "secret", "token", "credential", "privatekey", "apikey"];
const secretWords = new Set(["pass", "pwd", "pw", "psk", "cookie"]);
const secretPairs = new Set(["access key", "account key", "auth key", "key content", "key data", "key material"]);

/** Last words of a key that speaks about a secret without being one: `token_url`, `password_file`. */
const describing = new Set(
  (
    "file path dir folder command url uri endpoint host id name type kind user username policy method provider " +
    "enabled required length ttl lifetime timeout expiry expires rotation"
  ).split(" "),
);

const wordsOf = (key: string): readonly string[] =>
  key
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");

/** Whether a key's name says that its value is a secret: `password`, `adminPass`, `application_credential_secret`. */
export const namesSecret = (key: string): boolean => {
  const words = wordsOf(key);
  const last = words.at(-1);
  if (last === undefined || (words.length > 1 && describing.has(last))) return false;
  const squashed = words.join("");
  if (secretParts.some((part) => squashed.includes(part))) return true;
  return words.some((word, index) => secretWords.has(word) || secretPairs.has(`${words[index - 1] ?? ""} ${word}`));
};
