import { failure } from "@quiesce/core";

/** File systems allow 255 bytes in a name; what is added to it (`.extents.zst.` and a random part) needs some. */
const longest = 200;

/**
 * A folder's name for any id: lower-case letters, digits, `-` and `_` stand for themselves, every other byte of its
 * UTF-8 is `%` and two hexadecimal digits. So two ids never meet, also where case does not count, and none leads
 * elsewhere; an encoded name has no dot, so it never meets a file of the repository's own.
 */
export const folderName = (id: string): string => encoded(id, /[a-z0-9_-]/);

/** The same for a small file: dots inside stay, since people open these files. */
export const fileName = (name: string): string =>
  encoded(name, /[a-z0-9._-]/)
    .replace(/^\./, "%2e")
    .replace(/\.$/, "%2e");

const encoded = (text: string, plain: RegExp): string => {
  if (text === "" || !text.isWellFormed()) throw failure("invalid", `${JSON.stringify(text)} cannot be a file's name.`);
  const name = Array.from(text, (char) => (plain.test(char) ? char : escaped(char))).join("");
  if (name.length <= longest) return name;
  throw failure("invalid", `The name ${text} is too long for a file: at most ${longest} bytes when it is encoded.`);
};

const escaped = (char: string): string => Buffer.from(char).toString("hex").replaceAll(/../g, "%$&");
