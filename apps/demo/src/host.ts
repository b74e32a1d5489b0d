import { createHash } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { spawnSimulator, type SimulatorProcess } from "@quiesce/sim-libvirt";

export const machines = ["db01", "web01", "mail01"] as const;
export type Machine = (typeof machines)[number];

/** The simulated host of the demonstration: three machines with a disk each, one with two, and a network. */
export const startHost = async (dir: string): Promise<SimulatorProcess> =>
  await spawnSimulator(join(dir, "host"), {
    hosts: [
      {
        name: "hv1",
        networks: [{ name: "lan0" }],
        pools: [{ name: "default" }],
        domains: machines.map((name) => ({
          name,
          networks: ["lan0"],
          disks: Array.from({ length: name === "db01" ? 2 : 1 }, () => ({ bytes: 4 * 1024 * 1024 })),
        })),
        settings: {
          delays: { freezeMs: 60, captureMs: 350, thawMs: 40, suspendMs: 60, resumeMs: 60, restoreMs: 250 },
        },
      },
    ],
  });

/** Writes as a program in the guest would: impossible while the guest is frozen or paused. */
export const guestsWrite = async ({ control }: SimulatorProcess, text: string): Promise<void> => {
  for (const domain of machines)
    await control.ask("guest-write", {
      domain,
      target: "vda",
      offset: 4096,
      text: `${domain}: ${text}`.padEnd(256),
    });
};

/** One SHA-256 over all disks of each machine, read from the host's files and not by Quiesce. */
export const contents = async ({ control }: SimulatorProcess): Promise<ReadonlyMap<Machine, string>> => {
  const digests = new Map<Machine, string>();
  for (const domain of machines) {
    const hashes = await control.ask("hashes", { domain });
    digests.set(domain, createHash("sha256").update(JSON.stringify(hashes)).digest("hex"));
  }
  return digests;
};

/** Removes the file of a machine's first disk behind everybody's back. */
export const loseDisk = async (host: SimulatorProcess, domain: Machine): Promise<void> =>
  await rm(await firstDisk(host, domain));

const firstDisk = async ({ control }: SimulatorProcess, domain: Machine): Promise<string> => {
  const { disks } = await control.ask("domain", { domain });
  const path = disks[0]?.path;
  if (path === undefined) throw new Error(`${domain} has no disk.`);
  return path;
};

/** Changes one byte of a machine's first disk behind everybody's back. */
export const flipByte = async (host: SimulatorProcess, domain: Machine): Promise<void> => {
  const file = await open(await firstDisk(host, domain), "r+");
  try {
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, 5000);
    byte[0] = (byte[0] ?? 0) ^ 1;
    await file.write(byte, 0, 1, 5000);
  } finally {
    await file.close();
  }
};
