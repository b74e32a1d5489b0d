import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Guest, labMissing, libvirtLab, requireLibvirtLab } from "../../../labs/libvirt/lab.ts";
import { until } from "../../../labs/libvirt/until.ts";

const script = fileURLToPath(new URL("./backup-process.ts", import.meta.url));

test.skipIf(libvirtLab() === undefined)(
  `a machine that was off is off again when the process that backs it up is killed${libvirtLab() ? "" : ` (${labMissing})`}`,
  async () => {
    await using guest = await Guest.define(requireLibvirtLab(), "kill");
    await using stack = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), "qz-kill-"));
    stack.defer(() => rm(folder, { recursive: true }));
    const args = ["--conditions=@quiesce/source", script, guest.name, join(folder, "repository")];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(createInterface(child.stdout), "line");
    expect(line).toBe("copies vda");
    // Started for the backup, but no instruction of it runs.
    expect(await guest.state()).toBe("paused");
    expect(await guest.virsh("domjobinfo")).toContain("Backup");
    child.kill("SIGKILL");
    await once(child, "exit");
    await until("the machine is off", async () => (await guest.state()) === "shut off");
    expect(await guest.virsh("dominfo")).toMatch(/Managed save: +no/);
  },
);
