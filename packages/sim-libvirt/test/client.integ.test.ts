import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { clientScenarios } from "../../node-libvirt/test/client-scenarios.ts";
import { createHypervisor } from "../src/index.ts";

// The very scenarios that the client is proved by against the real daemon.
const dir = mkdtempSync(join(tmpdir(), "sim-"));
const socket = join(dir, "s");
const name = "scenario";
const hypervisor = createHypervisor({ dir, name: "hv1" });
// A guest is asked to shut down, and destroyed before it has done so.
hypervisor.configure({ delays: { shutdownMs: 10_000 } });

const disk = (target: string) =>
  `<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='${dir}/${target}'/>
   <target dev='${target}' bus='virtio'/></disk>`;

describe("the client's scenarios against the simulator", () => {
  beforeAll(async () => {
    // Disks as a definition finds them.
    await hypervisor.addDomain({
      name: "template",
      state: "shutoff",
      disks: [{ path: join(dir, "vda") }, { path: join(dir, "vdb") }],
    });
    const listener = await hypervisor.listen(socket);
    return () => listener.close();
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  clientScenarios({
    uri: `qemu+unix:///system?socket=${socket}`,
    name,
    guestXml: async () => `<domain type='qemu'><name>${name}</name><memory unit='MiB'>192</memory><vcpu>1</vcpu>
      <os><type arch='x86_64' machine='pc'>hvm</type></os><devices>${disk("vda")}${disk("vdb")}
      <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel></devices></domain>`,
    poolFolder: join(dir, "pool"),
    hangAgent: async (_libvirt, _domain, seconds) => {
      const guest = hypervisor.guest(name);
      guest.set({ agent: "hung" });
      setTimeout(() => guest.set({ agent: "running" }), seconds * 1000);
    },
    beginBackup: async (mode) => {
      const backup = await hypervisor.beginBackup(name, mode === "push" ? 1_048_576 : undefined);
      if (mode === "push") setTimeout(() => backup.end(), 50);
    },
    unproved: { AUTH_POLKIT: "the simulated socket asks for no authentication here" },
  });
});
