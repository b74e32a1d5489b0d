import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connect, type Libvirt } from "@quiesce/node-libvirt";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { spawnSimulator, type SpecInput } from "../src/index.ts";
import { temporaryFolder } from "./simulated-host.ts";

const run = fileURLToPath(new URL("../src/process/run.ts", import.meta.url));
const simulate = (...args: readonly string[]) =>
  spawnSync(process.execPath, ["--conditions=@quiesce/source", run, ...args], { encoding: "utf8", timeout: 10_000 });

/** A simulator and clients of its hosts, ended with the test. */
const spawned = async (spec: SpecInput) => {
  const simulator = await spawnSimulator(temporaryFolder(), spec);
  onTestFinished(() => simulator.stop());
  const client = async (host: number): Promise<Libvirt> => {
    const libvirt = await connect(simulator.hosts[host]?.uri);
    onTestFinished(() => libvirt.close());
    return libvirt;
  };
  return { ...simulator, client };
};

describe("a simulator in a process of its own", () => {
  test("serves several hosts and is steered from outside", async () => {
    const simulator = await spawned({
      seed: 7,
      hosts: [
        { name: "hv1", domains: [{ name: "db01", disks: [{ content: "A" }] }] },
        {
          name: "hv2",
          domains: [{ name: "web", count: 3 }],
          networks: [{ name: "lan0" }],
          pools: [{ name: "default" }],
        },
      ],
    });
    const { control, hosts, client } = simulator;
    expect(hosts.map(({ name }) => name)).toEqual(["hv1", "hv2"]);
    const [first, second] = [await client(0), await client(1)];
    expect(await first.host.hostname()).toBe("hv1");
    expect((await second.domains.list()).map(({ name }) => name)).toEqual(["web-1", "web-2", "web-3"]);

    const db01 = await first.domains.byName("db01");
    await first.agent.freeze(db01);
    expect(await control.ask("frozen", { host: "hv1" })).toEqual(["db01"]);
    expect(await control.ask("frozen", { host: "hv2" })).toEqual([]);
    const write = { host: "hv1", domain: "db01", target: "vda", text: "B" };
    await expect(control.ask("guest-write", write)).rejects.toMatchObject({ reason: "frozen" });
    await first.agent.thaw(db01);
    await control.ask("guest-write", write);
    const { base64 } = await control.ask("guest-read", { domain: "db01", target: "vda", length: 1 });
    expect(Buffer.from(base64, "base64").toString()).toBe("B");
    expect((await control.ask("mutations", { host: "hv1" }))["domain db01"]).toEqual({
      domainFsFreeze: 1,
      domainFsThaw: 1,
    });
    expect(await control.ask("calls", { host: "hv2", filter: { mutating: true } })).toEqual([]);

    const fault = {
      on: { procedure: "domainSuspend" },
      do: { kind: "fail", error: { code: 1, message: "no" } },
    } as const;
    const id = await control.ask("add-fault", { fault });
    await expect(first.domains.suspend(db01)).rejects.toMatchObject({ code: 1 });
    expect(await control.ask("faults")).toMatchObject([{ id, happened: 1 }]);
    await control.ask("clear-faults");
    await first.domains.suspend(db01);
    expect(await control.ask("domain", { domain: "db01" })).toMatchObject({ state: "paused" });
  });

  test("ends by a fault, as by loss of power", async () => {
    const simulator = await spawned({
      hosts: [
        {
          name: "hv1",
          domains: [{ name: "db01" }],
          faults: [{ on: { procedure: "domainFsFreeze" }, do: { kind: "die", when: "after" } }],
        },
      ],
    });
    const libvirt = await simulator.client(0);
    const db01 = await libvirt.domains.byName("db01");
    await expect(libvirt.agent.freeze(db01)).rejects.toMatchObject({ kind: "connection-lost", outcome: "unknown" });
    expect(await simulator.exited).toBe(137);
  });

  test("restarts a daemon, and is steered meanwhile", async () => {
    const simulator = await spawned({
      hosts: [{ name: "hv1", domains: [{ name: "db01" }] }],
    });
    const libvirt = await simulator.client(0);
    const db01 = await libvirt.domains.byName("db01");
    await libvirt.agent.freeze(db01);
    await simulator.control.ask("restart", { downMs: 200 });
    await expect(simulator.client(0)).rejects.toMatchObject({ kind: "connect" });
    expect(await simulator.control.ask("frozen")).toEqual(["db01"]);
    await vi.waitFor(async () => expect(await libvirt.rescue.agent.thaw(db01)).toBe(1), { timeout: 5000 });
  });

  test("says what is wrong with a request", async () => {
    const simulator = await spawned({ hosts: [{ name: "hv1" }] });
    await expect(simulator.control.ask("domain", { domain: "nobody" })).rejects.toThrow(
      "The simulated host hv1 has no domain nobody.",
    );
    await expect(simulator.control.ask("frozen", { host: "hv9" })).rejects.toThrow(/has no host hv9; it has hv1/u);
    await expect(simulator.control.ask("domain", {} as never)).rejects.toThrow(/expected string.*domain/su);
    await simulator.control.ask("stop");
    expect(await simulator.exited).toBe(0);
  });

  test("says what is wrong with its command line or its spec", () => {
    const dir = temporaryFolder();
    expect(simulate("--help")).toMatchObject({ status: 0, stderr: "" });
    expect(simulate()).toMatchObject({ status: 2, stderr: expect.stringContaining("--dir is missing") });
    expect(simulate("--speck", "x")).toMatchObject({ status: 2, stderr: expect.stringContaining("--speck") });
    const spec = join(dir, "spec.json");
    expect(simulate("--dir", dir, "--spec", spec)).toMatchObject({ status: 1, stderr: expect.stringContaining(spec) });
    writeFileSync(spec, '{"hosts":[{"nam":"hv1"}]}');
    expect(simulate("--dir", dir, "--spec", spec)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/The spec is wrong:.*nam.*hosts\[0\]/su),
    });
    expect(simulate("--dir", dir, "--socket", join(dir, "x".repeat(120)))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("choose a shorter folder"),
    });
    writeFileSync(join(dir, "file"), "precious");
    expect(simulate("--dir", dir, "--socket", join(dir, "file"))).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("is no socket"),
    });
  });
});
