// Backups of real QEMU machines by the shipped command line, killed at points chosen at random. The judges are virsh, the
// guest agent and the files that are there.
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Guest, labMissing, libvirtLab, requireLibvirtLab } from "../../../../labs/libvirt/lab.ts";
import { startDesk, type Desk } from "../fixture/world.ts";
import { everyPoint, runStopped } from "./run-stopped.ts";

const wanted = { kills: 20, frozen: 5 } as const;
const timeout = 540_000;
const seed = process.env["QUIESCE_KILL_SEED"] ?? String(Date.now());

/** The same for the same seed: a number from `from` to `to`. */
const chosen = (nth: number, from: number, to: number): number =>
  from + (createHash("sha256").update(`${seed} ${nth}`).digest().readUInt32BE(0) % (to - from + 1));

const missing = libvirtLab() === undefined;

describe.skipIf(missing)(`backups of real guests that are killed${missing ? `: ${labMissing}` : ""}`, () => {
  let desk: Desk;
  let guests: readonly Guest[];

  beforeAll(async () => {
    const lab = requireLibvirtLab();
    desk = await startDesk({ patienceMs: 240_000 });
    guests = await Promise.all([Guest.start(lab, "kdb"), Guest.start(lab, "kweb")]);
    const [db, web] = guests.map(({ name }) => name);
    await desk.write(
      "shop.yaml",
      [
        "quiesce: 1",
        "name: shop",
        `providers: { hv: { plugin: libvirt, uri: "${lab.uri}" } }`,
        "instances:",
        `  db: { provider: hv, kind: vm, id: ${db}, quiesce: required }`,
        `  web: { provider: hv, kind: vm, id: ${web}, depends_on: [db] }`,
      ].join("\n"),
    );
  });
  afterAll(async () => {
    for (const one of [...(guests ?? []), desk]) await one?.[Symbol.asyncDispose]();
  });

  /** What is wrong with a guest, as others see it. */
  const harmTo = async (guest: Guest): Promise<readonly string[]> => {
    const job = await guest.virsh("domjobinfo");
    const frozen = await guest.fsfreezeStatus();
    const scratch = (await readdir(guest.folder)).filter((file) => file.includes("scratch"));
    return [
      ...(/Job type:\s+None/.test(job) ? [] : [`${guest.name} has a job: ${job}`]),
      ...(frozen === "thawed" ? [] : [`${guest.name} is ${frozen}`]),
      ...scratch.map((file) => `${guest.name} has the scratch file ${file}`),
      ...((await guest.state()) === "running" ? [] : [`${guest.name} does not run`]),
    ];
  };
  const backup = (name: string): readonly string[] => ["backup", "shop.yaml", "--name", name];

  test(
    `killed at ${wanted.kills} points, seed ${seed}: one recovery each, and no harm is left`,
    { timeout },
    async () => {
      const started = performance.now();
      const { points: all } = await runStopped(desk, { at: 0, points: everyPoint }, backup("whole"));
      const window = [
        all.findIndex((point) => point.includes("answered DOMAIN_FSFREEZE")) + 1,
        all.findLastIndex((point) => point.includes("before DOMAIN_FSTHAW")) + 1,
      ] as const;
      const faults: string[] = [];
      const killed = { in: 0, all: 0 };
      for (let nth = 0; killed.all < wanted.kills && nth < wanted.kills + 5; nth += 1) {
        // Enough of them between the freeze and the thaw, the others anywhere.
        const at = nth < wanted.frozen + 3 ? chosen(nth, ...window) : chosen(nth, 1, all.length);
        const stopped = await runStopped(desk, { at, points: everyPoint }, backup(`n${nth}`));
        if (!stopped.died) continue;
        killed.all += 1;
        killed.in += isFrozenAfter(stopped.points) ? 1 : 0;
        const policy = nth % 2 === 0 ? "continue" : "compensate";
        const { code, stderr } = await desk.run(["recover", "--policy", policy, "--yes"]);
        const harm = (await Promise.all(guests.map(harmTo))).flat();
        if (code !== 0 || harm.length > 0)
          faults.push([`killed at ${stopped.points.at(-1)}, ${policy}: exit ${code}`, ...harm, stderr].join("\n  "));
      }
      console.log(
        `real guests: seed ${seed}, ${killed.all} kills, ${killed.in} of them while frozen (${Math.round((performance.now() - started) / 1000)} s)`,
      );
      expect(faults.join("\n")).toBe("");
      expect(killed.all).toBe(wanted.kills);
      expect(killed.in).toBeGreaterThanOrEqual(wanted.frozen);
      expect(await desk.run(backup("after"))).toMatchObject({ code: 0 });
      expect(await desk.run(["backups", "verify", "shop.yaml"])).toMatchObject({ code: 0 });
    },
  );
});

/** Between a freeze's return and the last thaw's. */
const isFrozenAfter = (points: readonly string[]): boolean => {
  const count = (label: string): number => points.filter((point) => point.includes(label)).length;
  return count("answered DOMAIN_FSFREEZE") > count("answered DOMAIN_FSTHAW");
};
