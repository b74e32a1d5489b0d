import type { ErrorName } from "@quiesce/node-libvirt";
import { orUndefined } from "../client/or-undefined.ts";

/** What a user's word for an object leads to. libvirt keeps names and UUIDs unique, but one's name may be another's UUID. */
export type Found<T> =
  | { readonly is: "found"; readonly ref: T }
  | { readonly is: "missing" }
  | { readonly is: "ambiguous"; readonly ids: readonly string[] };

const uuidShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Looks for an object by UUID, if the word is one, and by name. `absent` is the daemon's error for "there is none". */
export const findByIdOrName = async <T extends { readonly uuid: string }>(
  word: string,
  look: { readonly byUuid: (uuid: string) => Promise<T>; readonly byName: (name: string) => Promise<T> },
  absent: ErrorName,
): Promise<Found<T>> => {
  const looks = [...(uuidShape.test(word) ? [look.byUuid(word.toLowerCase())] : []), look.byName(word)];
  const refs = await Promise.all(looks.map((one) => orUndefined(one, absent)));
  const found = new Map(refs.flatMap((ref) => (ref === undefined ? [] : [[ref.uuid, ref] as const])));
  const [ref, ...others] = found.values();
  if (ref === undefined) return { is: "missing" };
  return others.length === 0 ? { is: "found", ref } : { is: "ambiguous", ids: [...found.keys()] };
};
