import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  checkpointXmlFlags,
  connect,
  domainListFlags,
  domainStartFlags,
  domainUndefineFlags,
  domainXmlFlags,
  guestInfoTypes,
  networkUpdateFlags,
  snapshotListFlags,
  type DomainRef,
  type EventStream,
  type ErrorName,
  type Libvirt,
  type LifecycleEvent,
  type PoolRef,
} from "../src/index.ts";
import { procedures, type Procedure } from "../src/protocol/index.ts";

/** What the scenarios need of the daemon that they run against: the real one, or a simulated one. */
export interface ScenarioOptions {
  readonly uri: string;
  /** The same daemon, asked for the driver `test:///default`, where virtual networks can be started. */
  readonly testDriverUri: string;
  /** Name for everything that the scenarios make; nothing else at the daemon has it. */
  readonly name: string;
  /** Definition of a domain with an agent, suspend-to-memory and two qcow2 disks, vda and vdb, with one file system each. */
  readonly guestXml: () => Promise<string>;
  /** A folder that the daemon can make. */
  readonly poolFolder: string;
  /** Stops the guest's agent for some seconds. */
  readonly hangAgent: (libvirt: Libvirt, domain: DomainRef, seconds: number) => Promise<void>;
  /** Begins a backup job on the guest, by other means than this client. */
  readonly beginBackup: (name: string) => Promise<void>;
  /** Procedures that the daemon cannot show, with the reason. */
  readonly unproved: Readonly<Record<string, string>>;
}

const metadata = { uri: "https://example.org/quiesce", prefix: "q" };
const bootMs = 90_000;

/** Every call against one daemon. The tests of a file run in order and share one guest, because it takes long to boot. */
export const clientScenarios = (options: ScenarioOptions): void => {
  const { name } = options;
  const answered = new Set<string>();
  const onCall = ({ procedure, error }: { procedure: string; error?: Error }) => {
    if (error === undefined || error.name === "LibvirtError") answered.add(procedure);
  };
  let libvirt: Libvirt;
  let domain: DomainRef;
  let lifecycle: EventStream<LifecycleEvent>;

  const agentReady = () => vi.waitFor(() => libvirt.agent.ping(domain), { timeout: bootMs, interval: 200 });
  const expectState = async (state: string, reason: string) =>
    expect(await libvirt.domains.state(domain)).toEqual({ state, reason });
  const expectError = (call: Promise<unknown>, codeName: ErrorName) =>
    expect(call).rejects.toMatchObject({ kind: "libvirt", codeName });
  /** The next event of our domain, which must be this one. */
  const expectEvent = async (event: string, detail: string) => {
    for await (const happening of lifecycle) {
      if (happening.domain.uuid !== domain.uuid) continue;
      expect(happening).toMatchObject({ event, detail, domain: { name } });
      return;
    }
  };

  beforeAll(async () => {
    libvirt = await connect(options.uri, { onCall });
    lifecycle = await libvirt.events.lifecycle();
  });
  afterAll(() => libvirt.close());

  test("the host says what it is", async () => {
    expect((await libvirt.host.libvirtVersion()).major).toBeGreaterThanOrEqual(9);
    expect((await libvirt.host.hypervisorVersion()).major).toBeGreaterThanOrEqual(5);
    expect(await libvirt.host.driver()).toBe("QEMU");
    expect(await libvirt.host.uri()).toMatch(/^qemu:\/\/\/(session|system)$/u);
    expect(await libvirt.host.hostname()).not.toBe("");
    const { cpuModel, cpus, memoryBytes } = await libvirt.host.info();
    expect(cpuModel).toMatch(/^[\w-]+$/u);
    expect(cpus).toBeGreaterThan(0);
    expect(await libvirt.host.freeMemoryBytes()).toBeLessThan(memoryBytes);
    expect(await libvirt.host.capabilities()).toMatch(/^<capabilities>/u);
    const choice = { arch: "x86_64", virtType: "qemu", machine: "pc" };
    expect(await libvirt.host.domainCapabilities(choice)).toMatch(/<backup supported='yes'\/>/u);
  });

  describe("a domain", () => {
    test("is defined and found", async () => {
      domain = await libvirt.domains.define(await options.guestXml());
      expect(domain).toMatchObject({ name, id: -1 });
      await expectEvent("defined", "added");
      expect(await libvirt.domains.byName(name)).toEqual(domain);
      expect(await libvirt.domains.byUuid(domain.uuid)).toEqual(domain);
      expect(await libvirt.domains.list()).toContainEqual(domain);
      expect(await libvirt.domains.list(domainListFlags.active)).not.toContainEqual(domain);
      await expectState("shut-off", "unknown");
      expect(await libvirt.domains.isActive(domain)).toBe(false);
      expect(await libvirt.domains.isPersistent(domain)).toBe(true);
      expect(await libvirt.domains.hasManagedSave(domain)).toBe(false);
      expect(await libvirt.domains.xml(domain, domainXmlFlags.inactive)).toContain(`<name>${name}</name>`);
    });

    test("that is not there is an error with its code", async () => {
      const uuid = "00000000-0000-4000-8000-000000000000";
      await expectError(libvirt.domains.byName(`${name}-none`), "no-domain");
      await expectError(libvirt.domains.byUuid(uuid), "no-domain");
      await expectError(libvirt.domains.state({ ...domain, uuid }), "no-domain");
    });

    test("is found by its UUID, whatever name the reference has", async () => {
      expect(await libvirt.domains.xml({ ...domain, name: "renamed" })).toContain(`<name>${name}</name>`);
    });

    test("keeps its autostart", async () => {
      await libvirt.domains.setAutostart(domain, true);
      expect(await libvirt.domains.autostart(domain)).toBe(true);
      await libvirt.domains.setAutostart(domain, false);
      expect(await libvirt.domains.autostart(domain)).toBe(false);
    });

    test("keeps metadata", async () => {
      const { uri } = metadata;
      await expectError(libvirt.domains.metadata(domain, uri), "no-domain-metadata");
      await libvirt.domains.setMetadata(domain, { ...metadata, xml: "<run id='1'/>" });
      expect(await libvirt.domains.metadata(domain, uri)).toBe('<run id="1"/>');
      await libvirt.domains.setMetadata(domain, { ...metadata, xml: "<run id='2'/>" });
      expect(await libvirt.domains.metadata(domain, uri)).toBe('<run id="2"/>');
      await libvirt.domains.removeMetadata(domain, uri);
      await expectError(libvirt.domains.metadata(domain, uri), "no-domain-metadata");
    });

    test("that is off cannot be suspended or resumed", async () => {
      await expectError(libvirt.domains.suspend(domain), "operation-invalid");
      await expectError(libvirt.domains.resume(domain), "operation-invalid");
      await expectError(libvirt.agent.freeze(domain), "operation-invalid");
    });

    test(
      "starts paused, runs, and its agent comes up",
      async () => {
        const agent = await libvirt.events.agentLifecycle(domain);
        domain = await libvirt.domains.start(domain, domainStartFlags.paused);
        expect(domain.id).toBeGreaterThan(0);
        await expectState("paused", "user");
        await libvirt.domains.resume(domain);
        await expectState("running", "unpaused");
        for await (const { state } of agent) if (state === "connected") break;
        await agent.close();
        await agentReady();
      },
      bootMs,
    );

    test("suspends and resumes", async () => {
      await libvirt.domains.suspend(domain);
      await expectState("paused", "user");
      await libvirt.domains.resume(domain);
      await expectState("running", "unpaused");
    });

    test("has no job", async () => {
      expect(await libvirt.domains.jobStats(domain)).toMatchObject({ type: "none", operation: undefined });
      await expectError(libvirt.domains.abortJob(domain), "operation-invalid");
    });
  });

  describe("the guest's agent", () => {
    test("freezes and thaws; a second freeze fails, a second thaw does nothing", async () => {
      await libvirt.agent.setResponseTimeout(domain, 5);
      expect(await libvirt.agent.fsfreezeStatus(domain)).toBe("thawed");
      expect(await libvirt.agent.freeze(domain)).toBe(2);
      expect(await libvirt.rescue.agent.fsfreezeStatus(domain)).toBe("frozen");
      await expectError(libvirt.agent.freeze(domain), "internal-error");
      expect(await libvirt.rescue.agent.thaw(domain)).toBe(2);
      expect(await libvirt.agent.fsfreezeStatus(domain)).toBe("thawed");
      expect(await libvirt.agent.thaw(domain)).toBe(0);
    });

    test("freezes what it is told to", async () => {
      expect(await libvirt.agent.freeze(domain, ["/mnt2"])).toBe(1);
      expect(await libvirt.agent.thaw(domain)).toBe(1);
    });

    test("tells file systems, time and system", async () => {
      const filesystems = await libvirt.agent.filesystems(domain);
      expect(filesystems.map(({ mountpoint, type, devices }) => [mountpoint, type, ...devices]).sort()).toEqual([
        ["/mnt", "ext4", "vda"],
        ["/mnt2", "ext4", "vdb"],
      ]);
      expect(await libvirt.agent.guestInfo(domain, guestInfoTypes.os)).toHaveProperty(["os.kernel-release"]);
      await libvirt.agent.setTime(domain, { seconds: 1_700_000_000, nanoseconds: 0 });
      expect((await libvirt.agent.time(domain)).seconds - 1_700_000_000).toBeLessThan(60);
      await libvirt.agent.setTime(domain, { seconds: Math.floor(Date.now() / 1000), nanoseconds: 0 });
      expect(await libvirt.agent.command(domain, { execute: "guest-info" })).toHaveProperty("version");
    });

    test("that hangs gives an error after the response timeout, and the rescue connection answers meanwhile", async () => {
      await libvirt.agent.setResponseTimeout(domain, 2);
      await options.hangAgent(libvirt, domain, 6);
      const started = performance.now();
      const freezes = Array.from({ length: 6 }, () => libvirt.agent.freeze(domain).catch((error: unknown) => error));
      await sleep(200);
      const asked = performance.now();
      expect(await libvirt.rescue.domains.state(domain)).toMatchObject({ state: "running" });
      expect(performance.now() - asked).toBeLessThan(1000);
      expect(await Promise.race(freezes)).toMatchObject({ codeName: "agent-unresponsive" });
      expect(performance.now() - started).toBeLessThan(6000);
      await Promise.all(freezes);
      await agentReady();
      await vi.waitFor(() => libvirt.rescue.agent.thaw(domain), { timeout: 20_000 });
      expect(await libvirt.agent.fsfreezeStatus(domain)).toBe("thawed");
    });
  });

  describe("a job", () => {
    test("says when and how it ended", async () => {
      const jobs = await libvirt.events.jobCompleted(domain);
      await options.beginBackup(name);
      for await (const job of jobs) {
        expect(job).toMatchObject({ operation: "backup", success: true, domain: { uuid: domain.uuid } });
        break;
      }
      await jobs.close();
      const stats = await libvirt.domains.completedJobStats(domain);
      expect(stats).toMatchObject({ type: "completed", operation: "backup" });
      expect(stats.params["disk_processed"]).toBe(stats.params["disk_total"]);
      expect(await libvirt.domains.completedJobStats(domain)).toEqual(stats); // asking does not forget it
    });
  });

  describe("snapshots", () => {
    const xml = (snapshot: string) => `<domainsnapshot><name>${snapshot}</name></domainsnapshot>`;

    test("are made, found, reverted to and deleted", async () => {
      await expectError(libvirt.snapshots.current(domain), "no-snapshot");
      const first = await libvirt.snapshots.create(domain, xml("first"));
      expect(first).toMatchObject({ name: "first", domain: { uuid: domain.uuid } });
      await expectError(libvirt.snapshots.create(domain, xml("first")), "operation-failed");
      await expectError(libvirt.snapshots.parent(first), "no-snapshot");
      const second = await libvirt.snapshots.create(domain, xml("second"));
      expect((await libvirt.snapshots.list(domain)).map((snapshot) => snapshot.name).sort()).toEqual([
        "first",
        "second",
      ]);
      expect((await libvirt.snapshots.list(domain, snapshotListFlags.roots)).map(({ name }) => name)).toEqual([
        "first",
      ]);
      expect(await libvirt.snapshots.byName(domain, "second")).toEqual(second);
      expect(await libvirt.snapshots.current(domain)).toEqual(second);
      expect(await libvirt.snapshots.parent(second)).toEqual(first);
      expect(await libvirt.snapshots.children(first)).toEqual([second]);
      expect(await libvirt.snapshots.xml(second)).toMatch(/<memory snapshot='internal'\/>/u);
      await libvirt.snapshots.revert(first);
      await expectState("running", "from-snapshot");
      await libvirt.snapshots.delete(second);
      await libvirt.snapshots.delete(first);
      expect(await libvirt.snapshots.list(domain)).toEqual([]);
      await expectError(libvirt.snapshots.byName(domain, "second"), "no-snapshot");
      await agentReady();
    });
  });

  describe("checkpoints", () => {
    test("are made, found and deleted", async () => {
      const xml = "<domaincheckpoint><name>mark</name></domaincheckpoint>";
      const mark = await libvirt.checkpoints.create(domain, xml);
      expect(mark).toMatchObject({ name: "mark", domain: { uuid: domain.uuid } });
      expect(await libvirt.checkpoints.list(domain)).toEqual([mark]);
      expect(await libvirt.checkpoints.byName(domain, "mark")).toEqual(mark);
      expect(await libvirt.checkpoints.xml(mark, checkpointXmlFlags.noDomain)).toContain("checkpoint='bitmap'");
      await libvirt.checkpoints.delete(mark);
      expect(await libvirt.checkpoints.list(domain)).toEqual([]);
      await expectError(libvirt.checkpoints.byName(domain, "mark"), "no-checkpoint");
    });
  });

  describe("the end of a domain", () => {
    test("sleeps and wakes", async () => {
      await libvirt.domains.pmSuspend(domain, "memory");
      await vi.waitFor(() => expectState("pm-suspended", "unknown"), { timeout: 10_000 });
      await libvirt.domains.pmWakeup(domain);
      await vi.waitFor(() => expectState("running", "wakeup"), { timeout: 10_000 });
    });

    test("is saved, and started from the save", async () => {
      await libvirt.domains.managedSave(domain);
      await expectState("shut-off", "saved");
      expect(await libvirt.domains.hasManagedSave(domain)).toBe(true);
      domain = await libvirt.domains.start(domain);
      expect(await libvirt.domains.hasManagedSave(domain)).toBe(false);
      await agentReady();
      await libvirt.domains.managedSave(domain);
      await libvirt.domains.removeManagedSave(domain);
      expect(await libvirt.domains.hasManagedSave(domain)).toBe(false);
    });

    test("is asked to shut down, destroyed and undefined", async () => {
      domain = await libvirt.domains.start(domain);
      await libvirt.domains.shutdown(domain);
      await libvirt.domains.destroy(domain);
      await expectState("shut-off", "destroyed");
      await libvirt.domains.undefine(domain, domainUndefineFlags.managedSave | domainUndefineFlags.snapshotsMetadata);
      await expectError(libvirt.domains.byUuid(domain.uuid), "no-domain");
    });
  });

  describe("a storage pool", () => {
    let pool: PoolRef;

    test("is defined, built and started", async () => {
      const { poolFolder } = options;
      pool = await libvirt.pools.define(
        `<pool type='dir'><name>${name}</name><target><path>${poolFolder}</path></target></pool>`,
      );
      expect(await libvirt.pools.byName(name)).toEqual(pool);
      expect(await libvirt.pools.byUuid(pool.uuid)).toEqual(pool);
      expect(await libvirt.pools.list()).toContainEqual(pool);
      expect(await libvirt.pools.isPersistent(pool)).toBe(true);
      expect(await libvirt.pools.isActive(pool)).toBe(false);
      await libvirt.pools.build(pool);
      await libvirt.pools.start(pool);
      await libvirt.pools.refresh(pool);
      expect(await libvirt.pools.isActive(pool)).toBe(true);
      await libvirt.pools.setAutostart(pool, true);
      expect(await libvirt.pools.autostart(pool)).toBe(true);
      const { state, capacity, available } = await libvirt.pools.info(pool);
      expect(state).toBe("running");
      expect(available).toBeLessThanOrEqual(capacity);
      expect(await libvirt.pools.xml(pool)).toContain(poolFolder);
      await expectError(libvirt.pools.byName(`${name}-none`), "no-storage-pool");
    });

    test("holds volumes", async () => {
      const xml = (volume: string) => `<volume><name>${volume}</name><capacity>1048576</capacity></volume>`;
      const path = `${options.poolFolder}/one`;
      const one = await libvirt.volumes.create(pool, xml("one"));
      expect(one).toEqual({ pool: name, name: "one", key: path });
      await expectError(libvirt.volumes.create(pool, xml("one")), "storage-volume-exists");
      expect(await libvirt.volumes.byName(pool, "one")).toEqual(one);
      expect(await libvirt.volumes.byKey(path)).toEqual(one);
      expect(await libvirt.volumes.byPath(path)).toEqual(one);
      expect(await libvirt.volumes.path(one)).toBe(path);
      expect(await libvirt.pools.byVolume(one)).toEqual(pool);
      const two = await libvirt.volumes.clone(pool, xml("two"), one);
      expect(await libvirt.volumes.list(pool)).toEqual(expect.arrayContaining([one, two]));
      await libvirt.volumes.resize(two, 2_097_152);
      expect(await libvirt.volumes.info(two)).toMatchObject({ type: "file", capacity: 2_097_152 });
      expect(await libvirt.volumes.xml(two)).toContain("<name>two</name>");
      await libvirt.volumes.delete(one);
      await libvirt.volumes.delete(two);
      await expectError(libvirt.volumes.byName(pool, "one"), "no-storage-volume");
      expect(await libvirt.volumes.list(pool)).toEqual([]);
    });

    test("is stopped and undefined", async () => {
      await libvirt.pools.destroy(pool);
      await libvirt.pools.undefine(pool);
      await expectError(libvirt.pools.byUuid(pool.uuid), "no-storage-pool");
    });
  });

  test("a network is defined, changed and undefined", async () => {
    const network = await libvirt.networks.define(`<network><name>${name}</name>
      <ip address='192.168.77.1' netmask='255.255.255.0'><dhcp><range start='192.168.77.2' end='192.168.77.99'/></dhcp></ip>
      </network>`);
    expect(await libvirt.networks.byName(name)).toEqual(network);
    expect(await libvirt.networks.byUuid(network.uuid)).toEqual(network);
    expect(await libvirt.networks.list()).toContainEqual(network);
    expect(await libvirt.networks.isActive(network)).toBe(false);
    expect(await libvirt.networks.isPersistent(network)).toBe(true);
    const host = "<host mac='52:54:00:00:00:01' name='db' ip='192.168.77.5'/>";
    const change = { command: "addLast", section: "ipDhcpHost", parentIndex: -1, xml: host } as const;
    await libvirt.networks.update(network, change, networkUpdateFlags.config);
    expect(await libvirt.networks.xml(network)).toContain("192.168.77.5");
    await libvirt.networks.setAutostart(network, true);
    expect(await libvirt.networks.autostart(network)).toBe(true);
    expect(await libvirt.networks.dhcpLeases(network)).toEqual([]);
    await libvirt.networks.undefine(network);
    await expectError(libvirt.networks.byName(name), "no-network");
  });

  test("a network is started and stopped", async () => {
    const testDriver = await connect(options.testDriverUri, { onCall });
    const network = await testDriver.networks.byName("default");
    await testDriver.networks.destroy(network);
    expect(await testDriver.networks.isActive(network)).toBe(false);
    await testDriver.networks.start(network);
    expect(await testDriver.networks.isActive(network)).toBe(true);
    await testDriver.close();
  });

  test("the daemon has answered every procedure", async () => {
    await lifecycle.close();
    await libvirt.close();
    const missing = Object.values<Procedure>(procedures).filter((procedure) => !answered.has(procedure.name));
    expect(missing.map((procedure) => procedure.name).sort()).toEqual(Object.keys(options.unproved).sort());
  });
};
