import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { simulatedHost } from "./simulated-host.ts";

const run = promisify(execFile);
const command = "virsh";
const missing = spawnSync(command, ["--version"]).error !== undefined;
if (missing) console.warn("There is no virsh on this machine (package libvirt-clients): its tests are skipped.");

// An independent client proves the protocol: libvirt's own library and command line.
describe.skipIf(missing)("virsh", () => {
  const hostWithVirsh = async () => {
    const host = await simulatedHost();
    const virsh = async (...args: readonly string[]): Promise<string> =>
      (await run(command, ["-q", "-c", host.uri, ...args])).stdout.trim();
    return { ...host, virsh };
  };

  test("lists, describes, suspends and resumes domains", async () => {
    const { hypervisor, virsh } = await hostWithVirsh();
    await hypervisor.addDomain({ name: "web", count: 2, state: "shutoff" });
    const listed = (await virsh("list", "--all")).split("\n").map((line) => line.trim().split(/\s+/u));
    expect(listed).toEqual([
      ["1", "db01", "running"],
      ["-", "web-1", "shut", "off"],
      ["-", "web-2", "shut", "off"],
    ]);
    expect(await virsh("dumpxml", "db01")).toContain(
      "<target type='virtio' name='org.qemu.guest_agent.0' state='connected'/>",
    );
    expect(await virsh("domuuid", "db01")).toBe(hypervisor.truth.domain("db01").uuid);
    await virsh("suspend", "db01");
    expect(await virsh("domstate", "db01", "--reason")).toBe("paused (user)");
    expect(hypervisor.truth.domain("db01").state).toBe("paused");
    await virsh("resume", "db01");
    expect(await virsh("domstate", "db01", "--reason")).toBe("running (unpaused)");
  });

  test("freezes and thaws", async () => {
    const { hypervisor, virsh } = await hostWithVirsh();
    await virsh("domfsfreeze", "db01");
    expect(hypervisor.truth.domain("db01").frozen).toEqual(["/vda", "/vdb"]);
    expect(await virsh("qemu-agent-command", "db01", '{"execute":"guest-fsfreeze-status"}')).toBe(
      '{"return":"frozen"}',
    );
    await expect(virsh("domfsfreeze", "db01")).rejects.toThrow(/the agent is in frozen state/u);
    await virsh("domfsthaw", "db01");
    expect(hypervisor.truth.frozen()).toEqual([]);
    expect(await virsh("domfsinfo", "db01")).toMatch(/\/vda\s+vda\s+ext4\s+vda/u);
  });

  test("takes, lists, reverts to and deletes snapshots", async () => {
    const { hypervisor, virsh } = await hostWithVirsh();
    const before = await hypervisor.truth.hashes("db01");
    await virsh("snapshot-create-as", "db01", "s1", "the first");
    expect(await virsh("snapshot-list", "db01", "--name")).toBe("s1");
    expect(await virsh("snapshot-dumpxml", "db01", "s1")).toContain("<description>the first</description>");
    await hypervisor.guest("db01").write("vda", 0, Buffer.from("B"));
    expect(await hypervisor.truth.hashes("db01")).not.toEqual(before);
    await virsh("snapshot-revert", "db01", "s1");
    expect(await hypervisor.truth.hashes("db01")).toEqual(before);
    expect(hypervisor.truth.domain("db01").currentSnapshot).toBe("s1");
    await virsh("snapshot-delete", "db01", "s1");
    expect(await virsh("snapshot-list", "db01", "--name")).toBe("");
  });

  test("saves, starts, destroys, defines and undefines", async () => {
    const { hypervisor, virsh } = await hostWithVirsh();
    hypervisor.guest("db01").remember("counter", "7");
    await virsh("managedsave", "db01");
    await virsh("start", "db01");
    expect(hypervisor.truth.domain("db01")).toMatchObject({
      state: "running",
      reason: "restored",
      ram: { counter: "7" },
    });
    await virsh("destroy", "db01");
    await virsh("start", "db01");
    expect(hypervisor.truth.domain("db01").ram).toEqual({});
    await virsh("destroy", "db01");
    await virsh("undefine", "db01");
    expect(hypervisor.truth.domains()).toEqual([]);
  });

  test("lists networks, pools and volumes", async () => {
    const { hypervisor, virsh } = await hostWithVirsh();
    hypervisor.addNetwork({ name: "lan0" });
    hypervisor.addPool({ name: "default" });
    expect((await virsh("net-list", "--all")).split(/\s+/u)).toEqual(["lan0", "active", "no", "yes"]);
    expect(await virsh("net-dumpxml", "lan0")).toMatch(/<bridge name='virbr0' stp='on' delay='0'\/>/u);
    expect((await virsh("pool-list", "--all")).split(/\s+/u)).toEqual(["default", "active", "no"]);
    const path = join(hypervisor.dir, "images", "db01-vda.qcow2");
    expect(await virsh("vol-list", "default")).toMatch(new RegExp(`db01-vda\\.qcow2\\s+${path}`, "u"));
    expect(await virsh("vol-key", path)).toBe(path);
    await virsh("vol-create-as", "default", "new.img", "64k");
    expect(await virsh("vol-info", "--bytes", "new.img", "--pool", "default")).toMatch(/Capacity:\s+65536/u);
  });

  test("keeps metadata and hears of events", async () => {
    const { virsh, hypervisor } = await hostWithVirsh();
    const place = ["metadata", "db01", "--uri", "http://example.org/a"];
    await virsh(...place, "--key", "a", "--set", "<run id='1'><b/></run>");
    expect(await virsh(...place)).toBe('<run id="1"><b/></run>');
    const event = virsh("event", "--domain", "db01", "--event", "lifecycle", "--timeout", "10");
    // virsh is slow to start; until it listens, there is a new event every time.
    const timer = setInterval(() => {
      void virsh(hypervisor.truth.domain("db01").state === "running" ? "suspend" : "resume", "db01").catch(() => {});
    }, 300);
    expect(await event).toMatch(/event 'lifecycle' for domain 'db01': (Suspended Paused|Resumed Unpaused)/u);
    clearInterval(timer);
  });
});
