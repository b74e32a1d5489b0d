import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asId, type OwnedArtefact, type RunId } from "@quiesce/core";
import { connect, domainStartFlags, type Libvirt } from "@quiesce/node-libvirt";
import type { DomainSpecInput } from "@quiesce/sim-libvirt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keptDefinition } from "../src/api/kept-definition.ts";
import { keptDefinitionName, noteName, noteText } from "../src/api/restore-note.ts";
import { bytesSource } from "../src/api/bytes-source.ts";
import { uploadContent } from "../src/api/volume-content.ts";
import { newVolumeXml } from "../src/api/volume.ts";
import { sceneOf } from "./cut/cut-everywhere.ts";
import { Process, tagOf } from "./cut/process.ts";

const never = new AbortController().signal;
const full = { parent: "full", extra: {} } as const;

describe("what of ours is on a host", () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "qo-"));
  });
  afterAll(() => rm(dir, { recursive: true }));

  const worldOf = async (stack: AsyncDisposableStack, machine: Partial<DomainSpecInput> = {}) => {
    const { legacy } = await sceneOf(dir, { title: "", machine, work: async () => {} }, stack);
    const worker = stack.use(await Process.start(legacy));
    const looker = stack.use(await Process.start({ ...legacy, run: asId<RunId>("another run") }));
    const tool = stack.adopt(await connect(legacy.uri), (one) => one.close());
    return { legacy, worker, looker, tool };
  };

  const all = (p: Process, by = {}): Promise<readonly OwnedArtefact[]> =>
    Array.fromAsync(p.connection.owned(by, never));
  const kindsOf = (list: readonly OwnedArtefact[]): readonly string[] => list.map(({ kind, use }) => `${kind} ${use}`);
  const removeAll = async (p: Process, list: readonly OwnedArtefact[]): Promise<void> => {
    for (const one of list) await p.connection.discard(one, never);
  };

  /** As far as the content is fixed. */
  const begin = async (p: Process): Promise<void> => {
    const { driver, info } = p.step("backup.create", full);
    await p.take("backup.create", { ...full, prepared: await driver.prepare(info) });
  };

  test("a backup that goes on: its job, its scratch files, its checkpoint, to be removed in this order", async () => {
    await using stack = new AsyncDisposableStack();
    const { legacy, worker, looker } = await worldOf(stack);
    await begin(worker);
    const found = await all(looker);
    expect(kindsOf(found)).toEqual(["backup-job working", "checkpoint content", "scratch-volume working"]);
    expect(found.map(({ tag }) => tag)).toEqual(found.map(() => tagOf(legacy.run)));
    expect(await all(looker, tagOf(legacy.run))).toEqual(found);
    expect(await all(looker, { store: "another store" })).toEqual([]);
    expect(await all(looker, { deployment: "another" })).toEqual([]);
    expect(await all(looker, { run: "another run" })).toEqual([]);
    await removeAll(looker, found);
    expect(await all(looker)).toEqual([]);
    expect(legacy.host.truth.domain("db")).toMatchObject({ state: "running", backup: undefined, checkpoints: [] });
    await removeAll(looker, found);
  });

  test("a scratch file under a running job stays until the job is ended", async () => {
    await using stack = new AsyncDisposableStack();
    const { worker, looker } = await worldOf(stack);
    await begin(worker);
    const scratch = (await all(looker)).filter(({ kind }) => kind === "scratch-volume");
    await expect(removeAll(looker, scratch)).rejects.toThrow(/in use by the backup job of db/);
  });

  test("what carries another tag by now is a conflict and stays", async () => {
    await using stack = new AsyncDisposableStack();
    const { looker, worker, legacy } = await worldOf(stack);
    await worker.take("snapshot.create", { memory: true, extra: {} });
    await begin(worker);
    for (const one of await all(looker)) {
      const stale = { ...one, tag: { ...one.tag, run: asId<RunId>("an older run") } };
      await expect(looker.connection.discard(stale, never), one.kind).rejects.toThrow(/belongs to the run/);
    }
    expect(legacy.host.truth.domain("db")).toMatchObject({ snapshots: [{}], checkpoints: [expect.any(String)] });
  });

  test("a machine that a backup woke, and not one that its user started and stopped", async () => {
    await using stack = new AsyncDisposableStack();
    const { legacy, worker, looker, tool } = await worldOf(stack, { state: "shutoff" });
    const { truth } = legacy.host;
    const { driver, info } = worker.step("backup.create", full);
    await driver.prepare(info);
    const found = await all(looker);
    expect(kindsOf(found)).toEqual(["woken-machine working", "scratch-volume working"]);
    await worker.connection.close();
    await expect.poll(() => truth.domain("db").state).toBe("shutoff");

    await tool.domains.start(await tool.domains.byName("db"), domainStartFlags.paused);
    await removeAll(looker, found);
    const next = stack.use(await Process.start(legacy, 2));
    const releasing = next.step("backup.create", full);
    await releasing.driver.release(releasing.info, { whole: false });
    expect(truth.domain("db").state).toBe("paused");
    expect(await all(looker)).toEqual([]);
  });

  test("a machine that was woken is put down again by whoever sweeps", async () => {
    await using stack = new AsyncDisposableStack();
    const { legacy, worker, looker } = await worldOf(stack, { state: "shutoff" });
    await begin(worker);
    await removeAll(looker, await all(looker));
    expect(legacy.host.truth.domain("db")).toMatchObject({ state: "shutoff", checkpoints: [] });
    expect(await all(looker)).toEqual([]);
  });

  test("what stands in for a saved machine", async () => {
    await using stack = new AsyncDisposableStack();
    const { legacy, worker, looker } = await worldOf(stack);
    await worker.take("suspend", { extra: { suspend: "save" } });
    await begin(worker);
    const found = await all(looker);
    expect(kindsOf(found)).toEqual(["backup-job working", "stand-in working", "scratch-volume working"]);
    await removeAll(looker, found);
    expect(legacy.host.truth.domains().map(({ name }) => name)).toEqual(["db"]);
    expect(legacy.host.truth.domain("db").managedSave).toBe(true);
  });

  test("the mark of a suspend only in a machine that runs", async () => {
    await using stack = new AsyncDisposableStack();
    const { legacy, worker, looker, tool } = await worldOf(stack);
    await worker.take("suspend", { extra: { suspend: "pause" } });
    expect(await all(looker)).toEqual([]);
    const domain = await tool.domains.byName("db");
    await tool.domains.resume(domain);
    const found = await all(looker);
    expect(kindsOf(found)).toEqual(["suspended-mark working"]);
    await tool.domains.suspend(domain);
    await removeAll(looker, found);
    expect(legacy.host.truth.domain("db").xml).toContain("suspended");
    await tool.domains.resume(domain);
    await removeAll(looker, found);
    expect(legacy.host.truth.domain("db").xml).not.toContain("suspended");
  });

  const write = async (tool: Libvirt, name: string, text: string): Promise<string> => {
    const content = Buffer.from(text);
    const as = { bytes: content.length, format: "raw", sparse: false, permissions: undefined };
    const pool = await tool.pools.byName("default");
    const volume = await tool.volumes.create(pool, newVolumeXml({ name, ...as }), 0);
    await uploadContent(tool, volume, bytesSource(content), { signal: never, report: () => {} });
    return await tool.volumes.path(volume);
  };

  test("new volumes beside the note of their restore, and a definition that a restore kept; a machine's disk is its own", async () => {
    await using stack = new AsyncDisposableStack();
    const { legacy, looker, tool } = await worldOf(stack);
    const tag = tagOf(legacy.run);
    const base = "quiesce-set-0a1b2c3d";
    const of = legacy.host.truth.domain("db").uuid;
    await write(tool, noteName(base), noteText({ tag, of, base }));
    await write(tool, `${base}-vda.qcow2.part`, "half a disk");
    const used = await write(tool, `${base}-vda.raw`, "a whole disk");
    await write(tool, keptDefinitionName("quiesce-old-0a1b2c3d"), keptDefinition("<domain/>", tag));
    for (const name of ["quiesce-set-0a1b2c3d.scratch", "quiesce-set-ffffffff-vda.part", "other-before.xml"])
      await write(tool, name, "not ours");
    const xml = await tool.domains.xml(await tool.domains.byName("db"));
    await tool.domains.define(xml.replace(/<source file=(['"])[^'"]*\1/, `<source file='${used}'`));
    const found = await all(looker);
    expect(kindsOf(found)).toEqual(["new-volume working", "kept-definition recovery", "restore-note working"]);
    expect(found.map(({ owner }) => owner).filter((owner) => owner === of)).toHaveLength(2);
    await removeAll(looker, found);
    expect(await all(looker)).toEqual([]);
    const left = legacy.host.truth.volumes().map(({ name }) => name);
    expect(left).toContain(`${base}-vda.raw`);
    expect(left.filter((name) => name.includes("quiesce-set") || name.includes("other"))).toHaveLength(4);
  });
});
