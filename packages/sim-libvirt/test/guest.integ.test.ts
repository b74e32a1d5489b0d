import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { simulatedHost } from "./simulated-host.ts";

const started = async () => {
  const host = await simulatedHost();
  const libvirt = await host.connect();
  const domain = await libvirt.domains.byName("db01");
  return {
    ...host,
    libvirt,
    domain,
    guest: host.hypervisor.guest("db01"),
    truth: () => host.hypervisor.truth.domain("db01"),
    snapshot: (name: string) =>
      libvirt.snapshots.create(domain, `<domainsnapshot><name>${name}</name></domainsnapshot>`),
  };
};

describe("a frozen guest", () => {
  test("cannot write, so that what is captured is what was frozen", async () => {
    const { hypervisor, libvirt, domain, guest, snapshot } = await started();
    const before = await hypervisor.truth.hashes("db01");
    await libvirt.agent.freeze(domain);
    await expect(guest.write("vda", 0, Buffer.from("B"))).rejects.toMatchObject({ reason: "frozen" });
    await snapshot("s1");
    await libvirt.agent.thaw(domain);
    await guest.write("vda", 0, Buffer.from("B"));
    expect(await hypervisor.truth.snapshotHashes("db01", "s1")).toEqual(before);
    expect(await hypervisor.truth.hashes("db01")).not.toEqual(before);
  });

  test("may let its writers wait for the thaw", async () => {
    const { hypervisor, libvirt, domain, guest } = await started();
    guest.set({ writeWhileFrozen: "wait" });
    const before = await hypervisor.truth.hashes("db01");
    await libvirt.agent.freeze(domain);
    const written = guest.write("vda", 0, Buffer.from("B"));
    await sleep(30);
    expect(await hypervisor.truth.hashes("db01")).toEqual(before);
    await libvirt.agent.thaw(domain);
    await written;
    expect(await hypervisor.truth.hashes("db01")).not.toEqual(before);
  });

  test("writes to what is not frozen", async () => {
    const { libvirt, domain, guest } = await started();
    await libvirt.agent.freeze(domain, ["/vda"]);
    await expect(guest.write("vda", 0, Buffer.from("B"))).rejects.toMatchObject({ reason: "frozen" });
    await guest.write("vdb", 0, Buffer.from("B"));
  });

  test("comes back frozen from a snapshot that was taken frozen, with the clock of then", async () => {
    const { libvirt, domain, guest, truth, snapshot } = await started();
    guest.remember("counter", "1");
    await libvirt.agent.freeze(domain);
    const s1 = await snapshot("s1");
    await libvirt.agent.thaw(domain);
    guest.remember("counter", "2");
    const { bootId } = truth();
    await sleep(120);
    await libvirt.snapshots.revert(s1);
    expect(truth()).toMatchObject({ state: "running", frozen: ["/vda", "/vdb"], ram: { counter: "1" }, bootId });
    expect(truth().clockBehindMs).toBeGreaterThanOrEqual(115);
    await libvirt.agent.thaw(domain);
    await libvirt.agent.setTime(domain, { seconds: Math.floor(Date.now() / 1000), nanoseconds: 0 });
    expect(Math.abs(truth().clockBehindMs)).toBeLessThan(2000);
    expect(truth().freezeWindows.map(({ endedBy }) => endedBy)).toEqual(["thaw", "thaw"]);
  });

  test("does not shut down when it is asked to", async () => {
    const { libvirt, domain, truth } = await started();
    await libvirt.agent.freeze(domain);
    await libvirt.domains.shutdown(domain);
    await sleep(50);
    expect(truth().state).toBe("running");
    await libvirt.agent.thaw(domain);
    await libvirt.domains.shutdown(domain);
    await vi.waitFor(() => expect(truth()).toMatchObject({ state: "shutoff", reason: "shutdown" }));
  });
});

describe("an agent", () => {
  test("that hangs freezes the guest after the caller was told that it failed", async () => {
    const { libvirt, domain, guest, truth } = await started();
    await libvirt.agent.ping(domain);
    await libvirt.agent.setResponseTimeout(domain, 1);
    guest.set({ agent: "hung" });
    await expect(libvirt.agent.freeze(domain)).rejects.toMatchObject({ codeName: "agent-unresponsive" });
    expect(truth().frozen).toEqual([]);
    guest.set({ agent: "running" });
    expect(truth().frozen).toEqual(["/vda", "/vdb"]);
  });

  test("that hangs without a response timeout hangs the call until the guest is gone", async () => {
    const { hypervisor, libvirt, domain, guest } = await started();
    hypervisor.configure({ lockWaitMs: 100 });
    await libvirt.agent.ping(domain);
    guest.set({ agent: "hung" });
    const freeze = libvirt.agent.freeze(domain).catch((error: unknown) => error);
    await sleep(20);
    await expect(libvirt.agent.thaw(domain)).rejects.toMatchObject({
      codeName: "operation-timeout",
      daemonMessage:
        "Timed out during operation: cannot acquire state change lock (held by agent=remoteDispatchDomainFSFreeze)",
    });
    await libvirt.domains.destroy(domain);
    expect(await freeze).toMatchObject({ codeName: "agent-unresponsive" });
  });

  test("that is slow performs the command after the caller gave up", async () => {
    const { libvirt, domain, guest, truth } = await started();
    await libvirt.agent.setResponseTimeout(domain, 0);
    guest.set({ agentDelayMs: 100 });
    await expect(libvirt.agent.freeze(domain)).rejects.toMatchObject({ codeName: "agent-unresponsive" });
    await vi.waitFor(() => expect(truth().frozen).toHaveLength(2));
  });

  test("that is not there, or has no channel, says so", async () => {
    const { hypervisor, libvirt, domain, guest } = await started();
    guest.set({ agent: "dead" });
    await expect(libvirt.agent.ping(domain)).rejects.toMatchObject({ codeName: "agent-unresponsive" });
    await hypervisor.addDomain({ name: "bare", agent: false });
    const bare = await libvirt.domains.byName("bare");
    await expect(libvirt.agent.ping(bare)).rejects.toMatchObject({ codeName: "argument-unsupported" });
  });
});

describe("a domain", () => {
  test("lets other jobs wait for a backup, but not suspend, resume, freeze and thaw", async () => {
    const { hypervisor, libvirt, domain, snapshot } = await started();
    hypervisor.configure({ lockWaitMs: 100 });
    await hypervisor.beginBackup("db01");
    await libvirt.domains.suspend(domain);
    await libvirt.domains.resume(domain);
    await libvirt.agent.freeze(domain);
    await libvirt.agent.thaw(domain);
    await expect(snapshot("s1")).rejects.toMatchObject({
      daemonMessage:
        "Timed out during operation: cannot acquire state change lock (held by monitor=remoteDispatchDomainBackupBegin)",
    });
    await libvirt.domains.abortJob(domain);
    await snapshot("s1");
  });

  test("with UEFI firmware takes no internal snapshot while it runs", async () => {
    const { hypervisor, libvirt } = await started();
    await hypervisor.addDomain({ name: "uefi", firmware: "efi" });
    const uefi = await libvirt.domains.byName("uefi");
    const create = () => libvirt.snapshots.create(uefi, "<domainsnapshot><name>s</name></domainsnapshot>");
    await expect(create()).rejects.toThrow(/pflash based firmware are not supported/u);
    await libvirt.domains.destroy(uefi);
    await create();
  });

  test("with a raw disk takes no internal snapshot", async () => {
    const { hypervisor, libvirt } = await started();
    await hypervisor.addDomain({ name: "mixed", disks: [{}, { format: "raw" }] });
    const mixed = await libvirt.domains.byName("mixed");
    await expect(libvirt.snapshots.create(mixed, "<domainsnapshot><name>s</name></domainsnapshot>")).rejects.toThrow(
      /internal snapshot for disk vdb unsupported for storage type raw/u,
    );
  });

  test("that is destroyed while it is suspended stays off", async () => {
    const { hypervisor, libvirt, domain, truth } = await started();
    hypervisor.configure({ delays: { suspendMs: 100 } });
    const suspended = libvirt.domains.suspend(domain).catch((error: unknown) => error);
    await sleep(20);
    await libvirt.domains.destroy(domain);
    expect(await suspended).toMatchObject({ codeName: "operation-invalid" });
    expect(truth()).toMatchObject({ state: "shutoff", reason: "destroyed" });
  });

  test("takes no external snapshot over a file that is there", async () => {
    const { hypervisor, libvirt, domain } = await started();
    const [disk] = hypervisor.truth.domain("db01").disks;
    const overlay = disk?.path?.replace(/qcow2$/u, "e1") ?? "";
    writeFileSync(overlay, "precious");
    const create = libvirt.snapshots.create(domain, "<domainsnapshot><name>e1</name></domainsnapshot>", 16);
    await expect(create).rejects.toThrow(/already exists and is not a block device/u);
    expect(readFileSync(overlay, "utf8")).toBe("precious");
    expect(hypervisor.truth.domain("db01").snapshots).toEqual([]);
  });

  test("may have snapshots and checkpoints from the start", async () => {
    const { hypervisor, libvirt } = await started();
    await hypervisor.addDomain({
      name: "old",
      snapshots: [
        { name: "foreign", description: "by hand" },
        { name: "overlay", external: true },
      ],
      checkpoints: ["c1", "c2"],
    });
    expect(hypervisor.truth.domain("old")).toMatchObject({
      snapshots: [
        { name: "foreign", description: "by hand", memory: true, external: false },
        { name: "overlay", parent: "foreign", memory: false, external: true },
      ],
      checkpoints: ["c1", "c2"],
    });
    const old = await libvirt.domains.byName("old");
    const [disk] = hypervisor.truth.domain("old").disks;
    expect(disk?.path).toMatch(/old-vda\.overlay$/u);
    await expect(libvirt.snapshots.revert({ name: "foreign", domain: old })).rejects.toThrow(/active dirty bitmaps/u);
    expect(hypervisor.truth.domain("old")).toMatchObject({ state: "shutoff", reason: "failed" });
  });
});
