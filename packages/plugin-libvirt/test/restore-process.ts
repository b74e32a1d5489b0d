// Runs a restore in a process of its own that is to be killed in the middle: each read of the repository is told, and slow.
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { memoryStore, type DiskSource, type Plan, type Repository, type RunId } from "@quiesce/core";
import { openRepository } from "@quiesce/repository";
import type { LibvirtLab } from "../../../labs/libvirt/lab.ts";
import { Rig, type Member } from "./rig.ts";

/** What the parent writes into the file that is this process's argument. */
export interface RestoreProcess {
  readonly lab: LibvirtLab;
  readonly members: Readonly<Record<string, Member>>;
  readonly plan: Plan;
  readonly run: RunId;
  readonly store: string;
  readonly repository: string;
}

const slow = (source: DiskSource): DiskSource => ({
  ...source,
  read: async (offset, into, signal) => {
    await source.read(offset, into, signal);
    console.log(`read ${offset}`);
    await sleep(500);
  },
});

const [file = ""] = process.argv.slice(2);
const {
  lab,
  members,
  plan,
  run,
  store,
  repository: folder,
} = JSON.parse(await readFile(file, "utf8")) as RestoreProcess;
const real = await openRepository(folder);
const repository: Repository = {
  ...real,
  folder: (place) => ({ ...real.folder(place), openDisk: async (id) => slow(await real.openDisk(id)) }),
};
const rig = new Rig(lab, members, memoryStore({ id: store }), repository);
await rig.start(plan, run);
