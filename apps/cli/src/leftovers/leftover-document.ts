import type { Leftover } from "./verdict.ts";

/** A leftover as it is published: part of `quiesce.leftovers/1`. */
export const leftoverDocument = ({ listed, verdict, reason }: Leftover): object => {
  const { at, id, kind, name, tag, place } = listed;
  const use = listed.at === "provider" ? { use: listed.artefact.use } : {};
  return { id, kind, name, at, place, ...use, ...tag, verdict, reason };
};
