import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import type { FaultInput } from "../src/index.ts";
import { simulatedHost } from "./simulated-host.ts";

/** A client of a host where one fault is switched on. */
const faulty = async (fault: FaultInput) => {
  const host = await simulatedHost();
  const libvirt = await host.connect({ callTimeoutMs: 500 });
  const domain = await libvirt.domains.byName("db01");
  host.hypervisor.faults.add(fault);
  return { ...host, libvirt, domain, truth: () => host.hypervisor.truth.domain("db01") };
};

describe("a fault", () => {
  test("is an error instead of the effect", async () => {
    const { libvirt, domain, truth } = await faulty({
      on: { procedure: "domainSuspend" },
      do: { kind: "fail", error: { code: 38, message: "disk full" } },
    });
    await expect(libvirt.domains.suspend(domain)).rejects.toMatchObject({
      code: 38,
      domain: 10,
      daemonMessage: "disk full",
    });
    expect(truth().state).toBe("running");
    await libvirt.domains.suspend(domain);
    expect(truth().state).toBe("paused");
  });

  test("is an error after the effect", async () => {
    const { libvirt, domain, truth } = await faulty({
      on: { procedure: "domainSuspend" },
      do: { kind: "fail", when: "after", error: { code: 1, message: "lost" } },
    });
    await expect(libvirt.domains.suspend(domain)).rejects.toMatchObject({ code: 1 });
    expect(truth().state).toBe("paused");
  });

  test("delays", async () => {
    const { libvirt, domain } = await faulty({ on: { procedure: "domainSuspend" }, do: { kind: "delay", ms: 200 } });
    const started = performance.now();
    await libvirt.domains.suspend(domain);
    expect(performance.now() - started).toBeGreaterThanOrEqual(195);
  });

  test.each([
    ["before", "running"],
    ["after", "paused"],
  ] as const)("keeps the answer back %s the effect", async (when, state) => {
    const { libvirt, domain, truth, hypervisor } = await faulty({
      on: { procedure: "domainSuspend" },
      do: { kind: "no-reply", when },
    });
    await expect(libvirt.domains.suspend(domain)).rejects.toMatchObject({ kind: "timed-out", outcome: "unknown" });
    expect(truth().state).toBe(state);
    expect(hypervisor.truth.calls({ procedure: "domainSuspend" })).toMatchObject([{ outcome: "silent" }]);
  });

  test.each([
    ["before", "running"],
    ["after", "paused"],
  ] as const)("hangs up %s the effect", async (when, state) => {
    const { libvirt, domain, truth } = await faulty({
      on: { procedure: "domainSuspend" },
      do: { kind: "drop-connection", when },
    });
    await expect(libvirt.domains.suspend(domain)).rejects.toMatchObject({
      kind: "connection-lost",
      outcome: "unknown",
    });
    expect(truth().state).toBe(state);
    expect(await libvirt.domains.isActive(domain)).toBe(true);
  });

  test("restarts the daemon while guests go on", async () => {
    const { libvirt, domain, truth } = await faulty({
      on: { procedure: "domainFsFreeze" },
      do: { kind: "restart", when: "after", downMs: 150 },
    });
    await expect(libvirt.agent.freeze(domain)).rejects.toMatchObject({ kind: "connection-lost" });
    await expect(libvirt.domains.isActive(domain)).rejects.toMatchObject({ kind: "connect" });
    expect(truth().frozen).toEqual(["/vda", "/vdb"]);
    await vi.waitFor(async () => expect(await libvirt.agent.thaw(domain)).toBe(2), { timeout: 5000 });
  });

  test("lets the effect come later than the answer", async () => {
    const { libvirt, domain, truth } = await faulty({
      on: { procedure: "domainSnapshotCreateXml", detail: "s1" },
      do: { kind: "late-effect", ms: 200, reply: "drop-connection" },
    });
    const create = libvirt.snapshots.create(domain, "<domainsnapshot><name>s1</name></domainsnapshot>");
    await expect(create).rejects.toMatchObject({ outcome: "unknown" });
    expect(truth().snapshots).toEqual([]);
    await vi.waitFor(() => expect(truth().snapshots).toMatchObject([{ name: "s1" }]), { timeout: 5000 });
  });

  test("changes the guest in the middle of a call", async () => {
    const { libvirt, domain, truth } = await faulty({
      on: { procedure: "domainFsFreeze" },
      do: { kind: "guest", when: "after", set: { agent: "dead" } },
    });
    expect(await libvirt.agent.freeze(domain)).toBe(2);
    await expect(libvirt.agent.thaw(domain)).rejects.toMatchObject({ codeName: "agent-unresponsive" });
    expect(truth()).toMatchObject({ agentConnected: false, frozen: ["/vda", "/vdb"] });
  });

  test("thaws the guest by its own timer", async () => {
    const { libvirt, domain, truth } = await faulty({
      on: { procedure: "domainFsFreeze" },
      do: { kind: "guest", when: "after", set: { autoThawMs: 100 } },
    });
    await libvirt.agent.freeze(domain);
    expect(truth().frozen).toHaveLength(2);
    await vi.waitFor(() => expect(truth().frozen).toEqual([]), { timeout: 5000 });
    expect(truth().freezeWindows).toMatchObject([{ endedBy: "auto-thaw" }]);
    expect(await libvirt.agent.thaw(domain)).toBe(0);
  });

  test("crashes the guest during a snapshot", async () => {
    const { libvirt, domain, truth, hypervisor } = await faulty({
      on: { procedure: "domainGetState" },
      do: { kind: "crash-guest" },
    });
    hypervisor.configure({ delays: { captureMs: 150 } });
    const snapshot = libvirt.snapshots.create(domain, "<domainsnapshot><name>s1</name></domainsnapshot>");
    await sleep(50);
    expect(await libvirt.domains.state(domain)).toEqual({ state: "shut-off", reason: "crashed" });
    await expect(snapshot).rejects.toMatchObject({ codeName: "operation-failed" });
    expect(truth().snapshots).toEqual([]);
  });

  test("happens to its object, from the nth call on, as often as it says", async () => {
    const { libvirt, domain, hypervisor } = await faulty({
      on: { procedure: "domainGetState", object: "db01", nth: 2, times: 2 },
      do: { kind: "fail", error: { code: 1, message: "no" } },
    });
    await hypervisor.addDomain({ name: "web" });
    const web = await libvirt.domains.byName("web");
    const outcomes: string[] = [];
    for (let call = 0; call < 5; call++) {
      await libvirt.domains.state(web);
      outcomes.push(
        await libvirt.domains.state({ ...domain, name: "renamed" }).then(
          () => "ok",
          () => "failed",
        ),
      );
    }
    expect(outcomes).toEqual(["ok", "failed", "failed", "ok", "ok"]);
    expect(hypervisor.faults.list()).toMatchObject([{ id: 1, happened: 2 }]);
  });
});
