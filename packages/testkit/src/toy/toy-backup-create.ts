import {
  failure,
  type Artefact,
  type DiskSource,
  type HoldingCaptureHandler,
  type Outcome,
  type StoredFile,
  type Target,
} from "@quiesce/core";
import { blocksOf, type ToyCopy, type ToyJob, type ToyPoint } from "./toy-backups.ts";
import type { ToyCloud } from "./toy-cloud.ts";
import { absent, done, isOurs, look, nameOf, tagOf, type Looking, type On, type Writing } from "./toy-context.ts";
import { blockBytes, type ToyVm } from "./toy-vm.ts";

type Create = "backup.create";

export const definitionFile = "definition";
export const pointArtefact = ({ id, vm, name }: ToyPoint): Artefact => ({ kind: "toy-point", id, owner: vm, name });

/** The machine's disks to a repository: full, or what changed since a point of change tracking. */
export const createBackup: HoldingCaptureHandler<ToyCloud, ToyCloud, On<Create>, Target<"vm">> = {
  prepare: async (c) => {
    const { scratch } = await c.api.backups.look(c.target.providerId, c.signal);
    if (!scratch.some(isOurs(c))) await c.api.backups.makeScratch(c.target.providerId, nameOf(c), tagOf(c), c.signal);
    return {};
  },
  observe: async (c) => {
    const vm = await c.api.read(c.target.providerId, c.signal);
    const { points, jobs } = await c.api.backups.look(vm.id, c.signal);
    const job = jobs.find(isOurs(c));
    const names = filesOf(vm);
    const found = await Promise.all(names.map((name) => c.repository.find(name)));
    const files = found.filter((file) => file !== undefined);
    const whole = files.length === names.length;
    if (!whole && job === undefined) return absent;
    const stored = files.map((file, at) => fileArtefact(vm, names[at] ?? "", file));
    const point = points.find(isOurs(c));
    const artefacts = [...(whole ? stored : []), ...(point === undefined ? [] : [pointArtefact(point)])];
    const outcome = outcomeOf(c, vm, artefacts, whole ? parentsIn(stored) : changesIn(job));
    return { ...done({ ...outcome, ...(point === undefined ? {} : { base: point.id }) }), ...(whole ? {} : unmoved) };
  },
  act: async (c) => {
    const vm = await c.api.read(c.target.providerId, c.signal);
    const { parent } = c.input;
    await c.api.backups.begin(vm, nameOf(c), tagOf(c), parent === "full" ? undefined : parent.base, c.signal);
    return look;
  },
  complete: async (c) => {
    const vm = await c.api.read(c.target.providerId, c.signal);
    for (const disk of vm.disks.keys()) if ((await c.repository.find(disk)) === undefined) await moveDisk(c, disk);
    const { id, name, power, volumes } = vm;
    const definition = new TextEncoder().encode(JSON.stringify({ id, name, power, volumes }));
    if ((await c.repository.find(definitionFile)) === undefined) await c.repository.putFile(definitionFile, definition);
  },
  release: async (c, { whole }) => {
    const { backups } = c.api;
    const { jobs, scratch, points } = await backups.look(c.target.providerId, c.signal);
    for (const job of jobs.filter(isOurs(c))) await backups.end(job, c.signal);
    for (const one of scratch.filter(isOurs(c))) await backups.dropScratch(one, c.signal);
    if (!whole) {
      for (const point of points.filter(isOurs(c))) await backups.dropPoint(point, c.signal);
      await c.repository.clear();
    }
    const left = await backups.look(c.target.providerId, c.signal);
    if ([...left.jobs, ...left.scratch].some(isOurs(c)))
      throw failure("protocol", `${c.target.providerId} still holds what the backup needed.`, { retry: "later" });
  },
};

const unmoved = { whole: false } as const;

const filesOf = ({ disks }: Pick<ToyVm, "disks">): string[] => [...disks.keys(), definitionFile];

const fileArtefact = ({ id: owner }: ToyVm, name: string, { id, bytes, parent }: StoredFile): Artefact => ({
  kind: name === definitionFile ? name : "disk",
  id,
  owner,
  name,
  bytes,
  ...(parent === undefined ? {} : { parent }),
});

/** Disk → is it only what changed? */
type Partly = ReadonlyMap<string, boolean>;

const parentsIn = (stored: readonly Artefact[]): Partly =>
  new Map(stored.flatMap(({ kind, name, parent }) => (kind === "disk" ? [[name, parent !== undefined]] : [])));

const changesIn = (job: ToyJob | undefined): Partly =>
  new Map([...(job?.disks ?? [])].map(([disk, { changed }]) => [disk, changed !== "all"]));

const outcomeOf = (c: Looking<Create>, vm: ToyVm, artefacts: readonly Artefact[], partly: Partly): Partial<Outcome> => {
  const { parent } = c.input;
  const still = vm.power === "off" ? "offline" : "crash";
  const outcome: Partial<Outcome> = {
    artefacts,
    covered: vm.volumes,
    saved: { name: vm.name, power: vm.power, volumes: vm.volumes },
    consistency: c.frozen ? "fs" : still,
  };
  if (parent === "full") return outcome;
  const full = [...partly].filter(([, isPart]) => !isPart).map(([disk]) => disk);
  return {
    ...outcome,
    ...(full.length === partly.size ? {} : { parent: parent.backup }),
    ...(full.length === 0 ? {} : { notes: full.map((disk) => `${disk} is stored whole: what changed is not known.`) }),
  };
};

const moveDisk = async (c: Writing<Create>, disk: string): Promise<void> => {
  const { jobs } = await c.api.backups.look(c.target.providerId, c.signal);
  const job = jobs.find(isOurs(c));
  const copy = job?.disks.get(disk);
  if (job === undefined || copy === undefined)
    throw failure("conflict", `The content of ${c.target.providerId} is gone: its backup job ended too early.`);
  const parent = copy.changed === "all" ? undefined : parentOf(c.input, disk);
  const { signal } = c;
  const put = { disk, signal, report: c.report, ...(parent === undefined ? {} : { parent }) };
  const source = sourceOf(c.api, job.id, disk, parent === undefined ? { ...copy, changed: "all" } : copy);
  await c.repository.putDisk(put, source);
};

const parentOf = ({ parent }: On<Create>, disk: string): string | undefined =>
  parent === "full" ? undefined : parent.artefacts.find(({ kind, name }) => kind === "disk" && name === disk)?.id;

const empty = Buffer.alloc(blockBytes);

const sourceOf = (api: ToyCloud, job: string, disk: string, copy: ToyCopy): DiskSource => ({
  bytes: copy.bytes.length,
  ranges: async function* () {
    for (const block of blocksOf(copy)) {
      const offset = block * blockBytes;
      const isZero = empty.equals(copy.bytes.subarray(offset, offset + blockBytes));
      yield { offset, length: blockBytes, is: isZero ? "zero" : "data" };
    }
  },
  read: (offset, into, signal) => api.backups.read(job, disk, offset, into, signal),
  close: async () => {},
});
