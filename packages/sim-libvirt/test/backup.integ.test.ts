import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { domainStartFlags } from "@quiesce/node-libvirt";
import { describe, expect, test, vi } from "vitest";
import { backupScene, checkpointXml, clusterBytes } from "./backup-scene.ts";

const text = (bytes: Buffer): string => bytes.toString("latin1").replaceAll("\0", "");
const bitmapOf = (target: string) => ["base:allocation", `qemu:dirty-bitmap:backup-${target}`];

describe("a pull backup", () => {
  test("serves the content of its beginning while the guest writes on", async () => {
    const { pull, readExport, abort, guest, truth, scratch, socket, libvirt, domain } = await backupScene();
    const jobs = await libvirt.events.jobCompleted(domain);
    await pull();
    await guest.write("vda", 0, Buffer.from("BB"));
    await guest.write("vda", 3 * clusterBytes, Buffer.from("late"));
    const { bytes, ranges } = await readExport("vda");
    expect(text(bytes)).toBe("A");
    expect(ranges.filter((range) => range.is === "data").map(({ offset, length }) => [offset, length])).toEqual([
      [0, clusterBytes],
    ]);
    expect(truth().backup).toMatchObject({
      mode: "pull",
      socket,
      disks: [
        { target: "vda", keptBytes: 2 * clusterBytes },
        { target: "vdb", keptBytes: 0 },
      ],
    });
    expect(existsSync(scratch("vda"))).toBe(true);
    await abort();
    for await (const job of jobs) {
      expect(job).toMatchObject({ operation: "backup", success: true });
      break;
    }
    expect([scratch("vda"), scratch("vdb"), socket].map((path) => existsSync(path))).toEqual([false, false, false]);
    expect(truth().backup).toBeUndefined();
  });

  test("is alone: another one waits, and is refused with who holds the lock", async () => {
    const { hypervisor, pull, abort, libvirt, domain } = await backupScene();
    hypervisor.configure({ lockWaitMs: 50 });
    await pull();
    await expect(pull()).rejects.toMatchObject({
      daemonMessage:
        "Timed out during operation: cannot acquire state change lock (held by monitor=remoteDispatchDomainBackupBegin)",
    });
    await libvirt.domains.suspend(domain);
    await libvirt.domains.resume(domain);
    await abort();
    await pull();
  });

  test("keeps files of the client's own, and takes no file that is there", async () => {
    const { pull, abort, scratch, libvirt, domain, pullXml, hypervisor } = await backupScene();
    writeFileSync(scratch("vda"), "precious");
    await expect(pull()).rejects.toMatchObject({ codeName: "invalid-argument" });
    expect(readFileSync(scratch("vda"), "utf8")).toBe("precious");
    const reuse = () => libvirt.backups.begin(domain, { xml: pullXml() }, 1);
    await expect(reuse()).rejects.toThrow(/Image is not in qcow2 format/u);
    const path = hypervisor.dir;
    hypervisor.addPool({ name: "scratch", path });
    const pool = await libvirt.pools.byName("scratch");
    await libvirt.volumes.delete({ pool: "scratch", name: "vda.scratch", key: "" });
    for (const name of ["vda.scratch", "vdb.scratch"])
      await libvirt.volumes.create(
        pool,
        `<volume><name>${name}</name><capacity>${4 * clusterBytes}</capacity><target><format type='qcow2'/></target></volume>`,
      );
    await reuse();
    await abort();
    expect(existsSync(scratch("vda"))).toBe(true);
  });

  test("of a guest whose writes find no room for old bytes pauses it until the job is gone", async () => {
    const { hypervisor, pull, abort, guest, truth, libvirt, domain } = await backupScene();
    hypervisor.configure({ storeBytes: clusterBytes });
    await using lifecycle = await libvirt.events.lifecycle(domain);
    await pull();
    await guest.write("vda", 0, Buffer.from("B"));
    const written = guest.write("vdb", 0, Buffer.from("C"));
    await vi.waitFor(() => expect(truth()).toMatchObject({ state: "paused", reason: "io-error" }));
    for await (const { event, detail } of lifecycle) {
      expect([event, detail]).toEqual(["suspended", "io-error"]);
      break;
    }
    await libvirt.domains.resume(domain);
    await vi.waitFor(() => expect(truth()).toMatchObject({ state: "paused", reason: "io-error" }));
    await abort();
    await libvirt.domains.resume(domain);
    await written;
    expect(text(readFileSync(guest.pathOf("vdb")))).toBe("C");
  });

  test("of a domain that is off needs a start, and the start ends with the connection", async () => {
    const { pull, abort, truth, libvirt, domain, connect, pullXml } = await backupScene();
    await libvirt.domains.destroy(domain);
    await expect(pull()).rejects.toMatchObject({ codeName: "operation-unsupported" });
    const other = await connect();
    const flags = domainStartFlags.paused | domainStartFlags.autodestroy;
    const started = await other.domains.start(domain, flags);
    await other.backups.begin(started, { xml: pullXml() });
    expect(truth()).toMatchObject({ state: "paused", frozen: [] });
    await abort();
    await other.close();
    await vi.waitFor(() => expect(truth()).toMatchObject({ state: "shutoff", reason: "destroyed" }));
  });
});

describe("an increment", () => {
  test("tells what was written since its checkpoint", async () => {
    const { pull, readExport, abort, guest } = await backupScene();
    await pull(undefined, "c1");
    // Written after the checkpoint, while the backup that set it goes on.
    await guest.write("vda", clusterBytes, Buffer.from("x"));
    await abort();
    await guest.write("vda", 2 * clusterBytes + 5, Buffer.from("y"));
    await pull("c1", "c2");
    await guest.write("vda", 3 * clusterBytes, Buffer.from("z"));
    const { bytes, ranges } = await readExport("vda", bitmapOf("vda"));
    expect(text(bytes)).toBe("Axy");
    expect(ranges.map(({ offset, length }) => [offset, length])).toEqual([[clusterBytes, 2 * clusterBytes]]);
    expect((await readExport("vdb", bitmapOf("vdb"))).ranges).toEqual([]);
    await abort();
    await pull("c2");
    const { ranges: last } = await readExport("vda", bitmapOf("vda"));
    expect(last.map(({ offset, length }) => [offset, length])).toEqual([[3 * clusterBytes, clusterBytes]]);
  });

  test("since a checkpoint whose child was deleted has the child's changes too", async () => {
    const { pull, readExport, guest, libvirt, domain } = await backupScene();
    await libvirt.checkpoints.create(domain, checkpointXml("c1"));
    await libvirt.checkpoints.create(domain, checkpointXml("c2"));
    await guest.write("vda", 0, Buffer.from("x"));
    await libvirt.checkpoints.delete({ name: "c2", domain });
    await pull("c1");
    expect((await readExport("vda", bitmapOf("vda"))).ranges).toMatchObject([{ offset: 0, length: clusterBytes }]);
  });

  test("survives an orderly end of the machine, and not a crash", async () => {
    const { hypervisor, pull, abort, truth, libvirt, domain } = await backupScene();
    await libvirt.checkpoints.create(domain, checkpointXml("c1"));
    await libvirt.domains.destroy(domain);
    await libvirt.domains.start(domain);
    await pull("c1");
    await abort();
    hypervisor.faults.add({ on: { procedure: "domainSuspend" }, do: { kind: "crash-guest" } });
    await libvirt.domains.suspend(domain).catch(() => {});
    expect(truth()).toMatchObject({ state: "shutoff", reason: "crashed", checkpoints: ["c1"] });
    await libvirt.domains.start(domain);
    await expect(pull("c1")).rejects.toMatchObject({
      codeName: "checkpoint-inconsistent",
      daemonMessage: "checkpoint inconsistent: missing or broken bitmap 'c1' for disk 'vda'",
    });
    expect(truth().bitmaps).toMatchObject({ vda: [{ name: "c1", broken: true }] });
    await libvirt.checkpoints.delete({ name: "c1", domain });
    await pull(undefined, "c1");
  });

  test("since an unknown checkpoint is refused, and nothing is left", async () => {
    const { pull, truth, scratch } = await backupScene();
    await expect(pull("c1", "c2")).rejects.toMatchObject({ codeName: "no-checkpoint" });
    expect(truth()).toMatchObject({ checkpoints: [], backup: undefined });
    expect(existsSync(scratch("vda"))).toBe(false);
  });
});

describe("a fault of the bytes", () => {
  test("cuts the connection in the middle of a read", async () => {
    const { hypervisor, pull, readExport } = await backupScene();
    await pull();
    hypervisor.faults.add({
      on: { procedure: "nbd-connect", object: "db", detail: "vda" },
      do: { kind: "cut", afterBytes: 1000 },
    });
    await expect(readExport("vda")).rejects.toMatchObject({ code: "closed" });
    expect(text((await readExport("vda")).bytes)).toBe("A");
  });

  test("flips a byte, or fails a read", async () => {
    const { hypervisor, pull, readExport } = await backupScene();
    await pull();
    hypervisor.faults.add({ on: { procedure: "nbd-connect", detail: "vda" }, do: { kind: "flip", offset: 2 } });
    const { bytes } = await readExport("vda");
    expect([...bytes.subarray(0, 4)]).toEqual([65, 0, 255, 0]);
    hypervisor.faults.add({ on: { procedure: "nbd-read" }, do: { kind: "fail", error: { code: 5, message: "EIO" } } });
    await expect(readExport("vda")).rejects.toThrow(/I\/O|EIO|5/u);
  });

  test("that cannot happen where it is ordered is refused", async () => {
    const { hypervisor } = await backupScene();
    expect(() =>
      hypervisor.faults.add({ on: { procedure: "domainSuspend" }, do: { kind: "cut", afterBytes: 1 } }),
    ).toThrow(/cannot happen there/u);
  });

  test("loses the reply of a begun backup, a bitmap, or the job", async () => {
    const { hypervisor, pull, truth, connect } = await backupScene();
    hypervisor.faults.add({ on: { procedure: "domainBackupBegin" }, do: { kind: "drop-connection", when: "after" } });
    await expect(pull(undefined, "c1")).rejects.toMatchObject({ outcome: "unknown" });
    expect(truth()).toMatchObject({ checkpoints: ["c1"], backup: { mode: "pull" } });
    const again = await connect();
    const domain = await again.domains.byName("db");
    expect(await again.backups.xml(domain)).toContain("<domainbackup mode='pull'>");
    hypervisor.faults.add({ on: { procedure: "domainSuspend" }, do: { kind: "lose-bitmap", target: "vdb" } });
    await again.domains.suspend(domain);
    expect(truth().bitmaps).toMatchObject({ vda: [{ name: "c1" }], vdb: [] });
    hypervisor.faults.add({ on: { procedure: "domainResume" }, do: { kind: "fail-job" } });
    await again.domains.resume(domain);
    await vi.waitFor(() => expect(truth().backup).toBeUndefined());
    expect(await again.domains.completedJobStats(domain)).toMatchObject({ type: "failed" });
  });
});

test("a push backup copies the content of its beginning, and says by its end whether it could", async () => {
  const { hypervisor, libvirt, domain, guest, scratch, ended } = await backupScene();
  hypervisor.configure({ delays: { pushMs: 30 } });
  const push = (label: string) => `<domainbackup mode='push'><disks><disk name='vda' type='file'>
    <target file='${scratch(label)}'/></disk></disks></domainbackup>`;
  await libvirt.backups.begin(domain, { xml: push("p1") });
  await guest.write("vda", 0, Buffer.from("B"));
  await ended();
  expect(text(readFileSync(scratch("p1")))).toBe("A");
  hypervisor.configure({ storeBytes: clusterBytes });
  await libvirt.backups.begin(domain, { xml: push("p2") });
  await ended();
  expect(await libvirt.domains.completedJobStats(domain)).toMatchObject({ type: "failed" });
  expect(existsSync(scratch("p2"))).toBe(true);
});
