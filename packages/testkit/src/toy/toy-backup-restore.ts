import {
  failure,
  isProviderFailure,
  type Artefact,
  type KeptPoint,
  type RevocableHandler,
  type Target,
} from "@quiesce/core";
import { createHash } from "node:crypto";
import type { ToyCloud } from "./toy-cloud.ts";
import { absent, done, look, nameOf, tagOf, type Looking, type On, type Writing } from "./toy-context.ts";
import { commitRestore, undoRestore } from "./toy-restore-undo.ts";
import { blockBytes, type ToyDisk, type ToyVm } from "./toy-vm.ts";

type Restore = "backup.restore";

/** New disks first; the machine gets them in one call, after they were read again. The old ones stay as the way back. */
export const restoreBackup: RevocableHandler<ToyCloud, ToyCloud, On<Restore>, Target<"vm">> = {
  observe: async (c) => {
    const vm = await c.api.find(placeOf(c).id, c.signal);
    if (vm?.mark !== tagOf(c)) return absent;
    const { kept } = await c.api.disks.of(tagOf(c), vm.id, c.signal);
    return done({ covered: c.target.covers, saved: { providerId: vm.id }, recovery: keptPoint(vm, kept) });
  },
  act: async (c) => {
    const { id, name, connected } = placeOf(c);
    const there = await c.api.find(id, c.signal);
    if (c.input.as.place === "new" && there !== undefined)
      throw failure("conflict", `There is a machine ${name} (${id}) already. Choose another name.`);
    const power: ToyVm["power"] = c.input.saved["power"] === "off" ? "off" : "running";
    const volumes = (c.input.saved["volumes"] ?? []) as readonly string[];
    try {
      const disks = await newDisks(c);
      await c.api.define({ id, name, volumes, power, connected, mark: tagOf(c) }, disks, c.signal);
    } catch (thrown) {
      // In doubt the machine may have them already, or get them yet.
      if (!isProviderFailure(thrown) || thrown.problem.advice.retry !== "observe-first") await dropDisks(c);
      throw thrown;
    }
    return look;
  },
  undo: undoRestore,
  commit: commitRestore,
};

const keptPoint = ({ id, name, before }: ToyVm, old: readonly ToyDisk[]): KeptPoint => ({
  is: before === undefined ? "absent" : "old-disks",
  detail: before === undefined ? `${name} was not there` : `${old.length} old disks`,
  bytes: old.reduce((sum, { bytes }) => sum + bytes.length, 0),
  kept: { vm: id, disks: old.map((disk) => disk.id) },
});

const placeOf = ({ input, target }: Looking<Restore>) =>
  input.as.place === "new"
    ? { id: `vm-${input.as.name}`, name: input.as.name, connected: input.as.connect }
    : { id: target.providerId, name: nameIn(input.saved), connected: true };

const nameIn = ({ name }: On<Restore>["saved"]): string => {
  if (typeof name === "string") return name;
  throw failure("invalid", "The set does not say how the machine was called.");
};

const newDisks = async (c: Writing<Restore>): Promise<ReadonlyMap<string, ToyDisk>> => {
  const disks = new Map<string, ToyDisk>();
  for (const artefact of c.input.from.filter(({ kind }) => kind === "disk"))
    disks.set(artefact.name, await newDisk(c, artefact));
  return disks;
};

const newDisk = async (c: Writing<Restore>, { id, name }: Artefact): Promise<ToyDisk> => {
  const label = `${nameOf(c)}-${name}`;
  // What an earlier try left is not trusted.
  for (const half of await c.api.disks.find(label, tagOf(c), c.signal)) await c.api.disks.drop(half.id, c.signal);
  const disk = await c.api.disks.make(label, tagOf(c), placeOf(c).id, c.signal);
  const source = await c.repository.openDisk(id);
  const sent = createHash("sha256");
  const block = new Uint8Array(blockBytes);
  for (let offset = 0; offset < source.bytes; offset += blockBytes) {
    await source.read(offset, block, c.signal);
    sent.update(block);
    await c.api.disks.upload(disk.id, offset, block.slice(), c.signal);
  }
  await source.close();
  const there = createHash("sha256").update(await c.api.disks.download(disk.id, c.signal));
  if (there.digest("hex") !== sent.digest("hex"))
    throw failure("protocol", `The disk ${disk.id} does not hold what was written to it.`);
  return disk;
};

const dropDisks = async (c: Writing<Restore>): Promise<void> => {
  for (const { kind, name } of c.input.from)
    if (kind === "disk")
      for (const disk of await c.api.disks.find(`${nameOf(c)}-${name}`, tagOf(c), c.signal))
        await c.api.disks.drop(disk.id, c.signal);
};
