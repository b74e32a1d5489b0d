import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { makeLabFolder } from "../../../labs/libvirt/lab-folder.ts";
import { labMissing, libvirtLab } from "../../../labs/libvirt/lab.ts";
import { removeLabGuest } from "../../node-libvirt/test/lab-guest.ts";
import { createHypervisor } from "../src/index.ts";
import type { Line } from "./transcript/narrator.ts";
import { tellBackupStory } from "./transcript/tell-backup-story.ts";

const recording = join(import.meta.dirname, "golden", "libvirt-9.0-backup.json");
const print = (lines: readonly Line[]): string => `${JSON.stringify(lines, null, 2)}\n`;
const run = promisify(execFile);

const lab = libvirtLab();
if (lab === undefined) console.warn(labMissing);

const numberOf = (target: string): number => target.charCodeAt(2) - "a".charCodeAt(0);

describe("one story of backups, told by libvirt 9.0 and by the simulator", () => {
  const dir = mkdtempSync(join(tmpdir(), "sim-"));
  const name = `bak-${process.pid}`;
  afterAll(async () => {
    rmSync(dir, { recursive: true });
    if (lab !== undefined) await removeLabGuest(lab, name);
  });

  test.skipIf(lab === undefined)(
    "the real daemon tells what is recorded",
    async () => {
      if (lab === undefined) return;
      const folder = await makeLabFolder(lab, name);
      // The daemon may run as another user.
      chmodSync(folder, 0o777);
      const monitor = (command: string) =>
        run("virsh", ["-c", lab.uri, "qemu-monitor-command", name, "--hmp", command]);
      const lines = await tellBackupStory({
        uri: lab.uri,
        name,
        folder,
        settleMs: 200,
        write: async (target, offset, text) => {
          for (const [index, byte] of Buffer.from(text).entries()) {
            const backend = `/machine/peripheral/virtio-disk${numberOf(target)}/virtio-backend`;
            await monitor(`qemu-io -d ${backend} "write -P ${byte} ${offset + index} 1"`);
          }
        },
        crash: async () => {
          const pidFile = join(dirname(lab.socket), "qemu", "run", `${name}.pid`);
          process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL");
          const state = async () => (await run("virsh", ["-c", lab.uri, "domstate", name])).stdout.trim();
          await vi.waitUntil(async () => (await state()) === "shut off", { timeout: 20_000 });
        },
      });
      await expect(print(lines)).toMatchFileSnapshot(recording);
    },
    120_000,
  );

  test("the simulator tells the same", async () => {
    const hypervisor = createHypervisor({ dir: join(dir, "hv1"), name: "hv1" });
    const listener = await hypervisor.listen(join(dir, "s"));
    onTestFinished(() => listener.close());
    const lines = await tellBackupStory({
      uri: `qemu+unix:///system?socket=${listener.socketPath}`,
      name,
      folder: dir,
      settleMs: 3,
      write: (target, offset, text) => hypervisor.guest(name).write(target, offset, Buffer.from(text)),
      crash: async () => hypervisor.crash(name),
    });
    expect(existsSync(recording), `${recording} is there`).toBe(true);
    expect(lines).toEqual(JSON.parse(readFileSync(recording, "utf8")));
  });
});
