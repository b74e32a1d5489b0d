/**
 * A process that writes to a repository until it is killed, or meets a fault, and tells what it did.
 * Usage: node writer-process.ts <folder> <set> <run> <bytes> [set's parent disk]
 * Prints `reading` when the copy has begun, and at last one line of JSON: what was stored, or the failure.
 */
import { isProviderFailure, type DiskSource } from "@quiesce/core";
import { openRepository } from "@quiesce/repository";
import { writeSync } from "node:fs";
import { placeFor } from "./model-source.ts";

const [root = "", set = "", run = "", size = "0"] = process.argv.slice(2);
const bytes = Number(size);
let told = false;

/** Data that says where it is. */
const source: DiskSource = {
  bytes,
  ranges: async function* () {
    yield { offset: 0, length: bytes, is: "data" };
  },
  read: async (offset, into) => {
    into.fill((offset / 4_194_304 + 1) & 0xff);
    if (told) return;
    told = true;
    writeSync(1, "reading\n");
  },
  close: async () => {},
};

const put = async (): Promise<unknown> => {
  const repository = await openRepository(root);
  const folder = repository.folder(placeFor(set, run));
  await folder.putFile("domain.xml", Buffer.from("<domain/>"));
  return await folder.putDisk({ disk: "vda", signal: new AbortController().signal }, source);
};

const said = (error: unknown) => (isProviderFailure(error) ? error.problem : { bug: String(error) });
writeSync(1, `${JSON.stringify(await put().catch(said))}\n`);
