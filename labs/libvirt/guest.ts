import { randomUUID } from "node:crypto";
import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { callAgent, execInGuest } from "./guest-agent.ts";
import { giveToLab, makeLabFolder } from "./lab-folder.ts";
import type { LibvirtLab } from "./libvirt-lab.ts";
import { copyReadyImage } from "./ready-image.ts";
import { domainIsRemoved, removeDomain, removeDomainAtExit } from "./remove-domain.ts";
import { uniqueName } from "./unique-name.ts";
import { until } from "./until.ts";
import { virsh } from "./virsh.ts";

/** What a guest is made of. */
export interface GuestOptions {
  /** Whether it has the channel of the guest agent; by default it has. */
  readonly agent?: boolean;
  /** How many disks: `vda`, mounted at /vda with `blob.bin` on it, and `vdb`, mounted at /vdb and empty; by default 2. */
  readonly disks?: 1 | 2;
}

/**
 * A real QEMU machine of the lab with disks of its own, judged by `virsh` and `qemu-img` alone.
 *
 * It removes itself at the end of `await using`, and at the end of the process.
 */
export class Guest implements AsyncDisposable {
  readonly lab: LibvirtLab;
  readonly name: string;
  readonly uuid: string;
  /** The folder with its disks `vda.qcow2` and `vdb.qcow2` and its `console.log`. */
  readonly folder: string;
  readonly #options: Required<GuestOptions>;

  private constructor(lab: LibvirtLab, name: string, folder: string, options: GuestOptions) {
    this.lab = lab;
    this.name = name;
    this.uuid = randomUUID();
    this.folder = folder;
    this.#options = { agent: true, disks: 2, ...options };
  }

  /** Defines a guest, which stays off. Its name is the label (at most 7 characters) and a random suffix. */
  static async define(lab: LibvirtLab, label: string, options: GuestOptions = {}): Promise<Guest> {
    const name = uniqueName(label);
    removeDomainAtExit(lab, name);
    const guest = new Guest(lab, name, await makeLabFolder(lab, name), options);
    try {
      await guest.#copyDisks(lab.guestDir);
      const xml = join(guest.folder, "domain.xml");
      await writeFile(xml, await guest.#xml());
      await virsh(lab, "define", xml);
      return guest;
    } catch (error) {
      await guest.remove();
      throw error;
    }
  }

  /**
   * Defines a guest that is up and ready for work.
   *
   * One with both disks and the agent does not boot: it goes on from a saved image of a booted one, which takes about a
   * second. Others boot, which takes about four, and more where several do at once.
   */
  static async start(lab: LibvirtLab, label: string, options: GuestOptions = {}): Promise<Guest> {
    const guest = await Guest.define(lab, label, options);
    try {
      const { agent, disks } = guest.#options;
      await (agent && disks === 2 ? guest.#continueSaved() : guest.start());
      return guest;
    } catch (error) {
      await guest.remove();
      throw error;
    }
  }

  /** Boots the guest, which is off, and returns when it is ready for work. */
  async start(): Promise<void> {
    await this.virsh("start");
    // To ask the agent by a new virsh process again and again would take time from the emulated processor.
    await until(`${this.name} is up`, async () => (await this.console()).includes("LAB ready"));
    await this.ready();
  }

  /** Waits until the agent answers, as after a revert or a wake-up; a guest without an agent is not waited for. */
  async ready(): Promise<void> {
    if (!this.#options.agent) return;
    await until(`the agent of ${this.name} answers`, async () => {
      await callAgent(this.lab, this.name, "guest-ping");
      return true;
    });
  }

  /** Runs a `virsh` command on this guest: `guest.virsh("domfsfreeze", "--mountpoint", "/vda")`. */
  virsh(command: string, ...args: readonly string[]): Promise<string> {
    return virsh(this.lab, command, this.name, ...args);
  }

  /** `running`, `paused`, `shut off`, `pmsuspended`, … as virsh says it. */
  state(): Promise<string> {
    return this.virsh("domstate");
  }

  /** The names of its snapshots. */
  async snapshots(): Promise<readonly string[]> {
    return (await this.virsh("snapshot-list", "--name")).split("\n").filter((name) => name !== "");
  }

  /** What the agent itself says of its file systems. */
  fsfreezeStatus(): Promise<"frozen" | "thawed"> {
    return callAgent(this.lab, this.name, "guest-fsfreeze-status");
  }

  /** Runs a shell script in the guest and returns its output; not possible while it is frozen. */
  exec(script: string): Promise<string> {
    return execInGuest(this.lab, this.name, script);
  }

  /** The SHA-256 of a file in the guest, in hex. */
  async sha256(path: string): Promise<string> {
    return (await this.exec(`sha256sum '${path}'`)).slice(0, 64);
  }

  /** Overwrites a file in the guest with random bytes, down to the disk. */
  async scribble(path: string, bytes = 65_536): Promise<void> {
    await this.exec(`head -c ${bytes} /dev/urandom >'${path}' && sync`);
  }

  /** Stops the agent's process without ending it: calls to it get no answer any more. */
  async hangAgent(): Promise<void> {
    const hung = "LAB agent hangs";
    await callAgent(this.lab, this.name, "guest-exec", {
      path: "/bin/sh",
      // The agent has to answer this call first; the console, not the agent, then tells that it is done.
      arg: ["-c", `sleep 1; kill -STOP $(pidof qemu-ga) && echo ${hung} >/dev/console`],
    });
    await until(`the agent of ${this.name} hangs`, async () => (await this.console()).includes(hung));
  }

  /** What the guest printed on its console since its last boot. */
  console(): Promise<string> {
    return readFile(join(this.folder, "console.log"), "utf8");
  }

  /** The image file of a disk as the guest was defined; a snapshot may have put another one on top. */
  diskPath(disk: "vda" | "vdb"): string {
    return join(this.folder, `${disk}.qcow2`);
  }

  /** Ends the guest and removes all of it: definition, snapshots, files. */
  async remove(): Promise<void> {
    await removeDomain(this.lab, this.name);
    domainIsRemoved(this.name);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.remove();
  }

  async #continueSaved(): Promise<void> {
    const image = join(this.folder, "memory.save");
    await this.#copyDisks(join(this.lab.guestDir, "ready"));
    await copyReadyImage(this.lab, this, image);
    await giveToLab(this.lab, this.folder);
    await virsh(this.lab, "restore", image);
    await rm(image);
    await this.ready();
    // Its clock stands where it was saved.
    await this.virsh("domtime", "--now");
  }

  async #copyDisks(from: string): Promise<void> {
    const disks = (["vda", "vdb"] as const).slice(0, this.#options.disks);
    for (const disk of disks) await copyFile(join(from, `${disk}.qcow2`), this.diskPath(disk));
    await giveToLab(this.lab, this.folder);
  }

  async #xml(): Promise<string> {
    const template = await readFile(join(import.meta.dirname, "domain.xml"), "utf8");
    const dropped = this.#options.agent ? [] : ["org.qemu.guest_agent.0"];
    if (this.#options.disks === 1) dropped.push("dev='vdb'");
    return template
      .split("\n")
      .filter((line) => !dropped.some((device) => line.includes(device)))
      .join("\n")
      .replaceAll("@NAME@", this.name)
      .replaceAll("@UUID@", this.uuid)
      .replaceAll("@GUEST@", this.lab.guestDir)
      .replaceAll("@WORK@", this.lab.workDir);
  }
}
