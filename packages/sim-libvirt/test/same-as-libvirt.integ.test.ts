import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { labGuest, removeLabGuest } from "../../node-libvirt/test/lab-guest.ts";
import { labMissing, libvirtLab } from "../../../labs/libvirt/lab.ts";
import { createHypervisor } from "../src/index.ts";
import type { Line } from "./transcript/narrator.ts";
import { tellStory } from "./transcript/tell-story.ts";

const recording = join(import.meta.dirname, "golden", "libvirt-9.0.json");
const print = (lines: readonly Line[]): string => `${JSON.stringify(lines, null, 2)}\n`;

const lab = libvirtLab();
if (lab === undefined) console.warn(labMissing);

describe("one story, told by libvirt 9.0 and by the simulator", () => {
  const dir = mkdtempSync(join(tmpdir(), "sim-"));
  const name = `story-${process.pid}`;
  afterAll(async () => {
    rmSync(dir, { recursive: true });
    if (lab !== undefined) await removeLabGuest(lab, name);
  });

  test.skipIf(lab === undefined)(
    "the real daemon tells what is recorded",
    async () => {
      if (lab === undefined) return;
      const template = await labGuest(lab, name);
      const lines = await tellStory({
        uri: lab.uri,
        name,
        folder: lab.workDir,
        guestXml: (other) => template.replace(`<name>${name}</name>`, `<name>${other}</name>`),
        settleMs: 150,
      });
      await expect(print(lines)).toMatchFileSnapshot(recording);
    },
    400_000,
  );

  test("the simulator tells the same", async () => {
    const hypervisor = createHypervisor({ dir, name: "hv1" });
    hypervisor.configure({ delays: { shutdownMs: 60_000 } });
    await hypervisor.addDomain({
      name: "template",
      state: "shutoff",
      disks: [{ path: join(dir, name, "vda.qcow2") }, { path: join(dir, name, "vdb.qcow2") }],
    });
    const listener = await hypervisor.listen(join(dir, "s"));
    onTestFinished(() => listener.close());
    const disk = (target: string) =>
      `<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='${dir}/${name}/${target}.qcow2'/>
       <target dev='${target}' bus='virtio'/></disk>`;
    const lines = await tellStory({
      uri: `qemu+unix:///system?socket=${listener.socketPath}`,
      name,
      folder: dir,
      guestXml: (other) => `<domain type='qemu'><name>${other}</name><memory unit='MiB'>192</memory>
        <os><type arch='x86_64' machine='pc'>hvm</type></os><devices>${disk("vda")}${disk("vdb")}
        <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel></devices></domain>`,
      settleMs: 2,
    });
    expect(existsSync(recording), `${recording} is there`).toBe(true);
    expect(lines).toEqual(JSON.parse(readFileSync(recording, "utf8")));
  });
});
