import { QuiesceError } from "@quiesce/core";

const longest = 128;
const control = /[\p{Cc}\u2028\u2029]/u;

/** Refuses a name that would lead a path astray or cannot be shown; it becomes a part of names at providers. */
export const checkSetName = (name: string): void => {
  const why = faultOf(name);
  if (why === undefined) return;
  throw new QuiesceError("usage", `${shown(name)} cannot name a set: ${why}.`, {
    hint: "Use letters, digits, dots, dashes and underscores, for example --name nightly-2.",
  });
};

const faultOf = (name: string): string | undefined => {
  if (name.trim() === "") return "it is empty";
  if (name !== name.trim()) return "it starts or ends with a space";
  if (name.startsWith("-")) return "it starts with a dash, as options do";
  if (control.test(name)) return "it holds a control character";
  if (/[/\\]/.test(name)) return "it holds a slash";
  if (name === "." || name.includes("..")) return "it could lead out of a folder";
  return Buffer.byteLength(name) > longest ? `it is longer than ${longest} bytes` : undefined;
};

/** In quotes, with everything that cannot be seen escaped or replaced. */
const shown = (name: string): string => JSON.stringify(name.slice(0, 60)).replaceAll(/\p{Cc}/gu, "\ufffd");
