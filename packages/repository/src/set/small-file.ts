import { failure, type StoredFile } from "@quiesce/core";
import { createHash } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { unlessAbsent } from "../file/error-code.ts";
import { removePartials, writeWhole } from "../file/partial-file.ts";
import { readFully } from "../file/read-fully.ts";
import { damaged } from "../format/damaged.ts";
import { placeOf, type FilePlace } from "./layout.ts";

const mostBytes = 16 * 1024 * 1024;

const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Its digest first, in the form of `sha256sum`: a file that has one is ours, and one that fits it is whole. */
export const putSmallFile = async (root: string, id: string, bytes: Uint8Array): Promise<StoredFile> => {
  if (bytes.length > mostBytes)
    throw failure(
      "invalid",
      `The file ${id} has ${bytes.length} bytes; at most ${mostBytes} are kept as a small file.`,
    );
  const { proof } = filePlaceOf(id);
  await removePartials(join(root, filePlaceOf(id).folder), [basename(id), basename(proof)]);
  const sha256 = sha256Of(bytes);
  await writeWhole(join(root, proof), `${sha256}  ${basename(id)}\n`);
  await writeWhole(join(root, id), bytes);
  return { id, bytes: bytes.length, sha256 };
};

/** Undefined when it is not whole. Throws `damaged` when it is not what was written. */
export const lookAtSmallFile = async (
  root: string,
  id: string,
): Promise<{ readonly bytes: Uint8Array; readonly sha256: string } | undefined> => {
  const { proof } = filePlaceOf(id);
  const told = await readFile(join(root, proof), "utf8").catch(unlessAbsent);
  if (told === undefined) return undefined;
  const expected = /^([0-9a-f]{64}) {2}(.+)\n$/.exec(told);
  if (expected?.[1] === undefined || expected[2] !== basename(id))
    throw damaged(`The digest ${proof} is not what was written.`);
  const bytes = await readBounded(join(root, id));
  if (bytes === undefined) throw damaged(`The file ${id} is missing.`);
  const sha256 = sha256Of(bytes);
  if (sha256 !== expected[1]) throw damaged(`The file ${id} is not what was written: its digest does not fit.`);
  return { bytes, sha256 };
};

/** As much as a small file may have, and one byte more, which no digest fits. */
const readBounded = async (path: string): Promise<Uint8Array | undefined> => {
  await using file = await open(path).catch(unlessAbsent);
  if (file === undefined) return undefined;
  const bytes = new Uint8Array(Math.min((await file.stat()).size, mostBytes + 1));
  return bytes.subarray(0, await readFully(file, bytes, 0));
};

export const readSmallFile = async (root: string, id: string): Promise<Uint8Array> => {
  const found = await lookAtSmallFile(root, id);
  if (found === undefined) throw failure("not-found", `The repository ${root} has no whole file ${id}.`);
  return found.bytes;
};

const filePlaceOf = (id: string): FilePlace => {
  const place = placeOf(id);
  if (place?.is !== "file") throw failure("invalid", `${id} is not a small file of a repository.`);
  return place;
};
