import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { asId, memoryStore, type Connection, type OwnedArtefact, type ProviderName } from "@quiesce/core";
import { openRepository } from "@quiesce/repository";
import { describe, expect, test } from "vitest";
import { definePool, Guest, labMissing, libvirtLab, requireLibvirtLab, virsh } from "../../../labs/libvirt/lab.ts";
import { until } from "../../../labs/libvirt/until.ts";
import { Rig, statuses } from "./rig.ts";

const script = fileURLToPath(new URL("./backup-process.ts", import.meta.url));

/** A backup in a process of its own, in the middle of its copy. */
const backupInMiddle = async (guest: Guest, folder: string): Promise<ChildProcess> => {
  const args = ["--conditions=@quiesce/source", script, guest.name, join(folder, "repository")];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface(child.stdout), "line");
  expect(line).toBe("copies vda");
  return child;
};

const kill = async (child: ChildProcess): Promise<void> => {
  child.kill("SIGKILL");
  await once(child, "exit");
};

const folderFor = async (stack: AsyncDisposableStack): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "qz-kill-"));
  stack.defer(() => rm(folder, { recursive: true }));
  return folder;
};

describe.skipIf(libvirtLab() === undefined)(`a backup that is killed${libvirtLab() ? "" : ` (${labMissing})`}`, () => {
  test("a machine that was off is off again, and says nothing of it", async () => {
    await using guest = await Guest.define(requireLibvirtLab(), "kill");
    await using stack = new AsyncDisposableStack();
    const child = await backupInMiddle(guest, await folderFor(stack));
    // Started for the backup, but no instruction of it runs.
    expect(await guest.state()).toBe("paused");
    expect(await guest.virsh("domjobinfo")).toContain("Backup");
    await kill(child);
    await until("the machine is off", async () => (await guest.state()) === "shut off");
    expect(await guest.virsh("dominfo")).toMatch(/Managed save: +no/);
    expect(await guest.virsh("dumpxml", "--inactive")).not.toContain("urn:quiesce");
  });

  test("what it left of a machine that runs is found by its tag and removed, and the next full backup works", async () => {
    const lab = requireLibvirtLab();
    await using stack = new AsyncDisposableStack();
    const guest = stack.use(await Guest.start(lab, "kill"));
    const pool = stack.use(await definePool(lab, "kill", guest.folder));
    const folder = await folderFor(stack);
    await kill(await backupInMiddle(guest, folder));
    expect(await guest.virsh("domjobinfo")).toContain("Backup");

    const repository = await openRepository(join(folder, "another"));
    const members = { db: { kind: "vm", id: guest.name } } as const;
    const rig = stack.use(new Rig(lab, members, memoryStore(), repository));
    const connection = await rig.fleet.connection(asId<ProviderName>("lab"), "work");
    const left = await ownedOf(connection, guest);
    expect(left.map(({ kind, use }) => `${kind} ${use}`)).toEqual([
      "backup-job working",
      "checkpoint content",
      "scratch-volume working",
      "scratch-volume working",
    ]);
    const [job] = left;
    expect(left.map(({ tag }) => tag)).toEqual(left.map(() => job?.tag));
    for (const one of [...left, ...left]) await connection.discard(one, AbortSignal.timeout(60_000));
    expect(await ownedOf(connection, guest)).toEqual([]);
    expect(await guest.virsh("domjobinfo")).not.toContain("Backup");
    expect((await guest.virsh("checkpoint-list", "--name")).trim()).toBe("");
    expect(await virsh(lab, "vol-list", pool.name)).not.toContain("scratch");
    expect(await guest.state()).toBe("running");

    const backup = await rig.run("backup", { kind: "backup", name: "next" });
    expect(backup.status, statuses(backup).join()).toBe("succeeded");
    expect((await rig.run("remove_backup", { kind: "backup", name: "next" })).status).toBe("succeeded");
  });
});

const ownedOf = async (connection: Connection, { uuid }: Guest): Promise<readonly OwnedArtefact[]> => {
  const all = await Array.fromAsync(connection.owned({}, AbortSignal.timeout(60_000)));
  return all.filter(({ owner }) => owner === uuid);
};
