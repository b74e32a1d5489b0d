import { expect } from "vitest";
import type { BackupKind, Operation, Workflow } from "@quiesce/core";
import type { Case } from "../conformance.ts";
import { first } from "../look.ts";
import type { Stage } from "../stage.ts";
import type { WorldFaults, World } from "../../world/world.ts";

const faultsOf = ({ faults, name }: World): WorldFaults => {
  if (faults === undefined) throw new Error(`${name} has no faults.`);
  return faults;
};

/** The workflow that makes an operation's call, what must have happened before, and how many artefacts it makes. */
const routes: readonly {
  readonly operation: Operation;
  readonly workflow: Workflow;
  readonly before: readonly Workflow[];
  readonly makes?: number;
}[] = [
  { operation: "suspend", workflow: "suspend", before: [], makes: 0 },
  { operation: "resume", workflow: "resume", before: ["suspend"], makes: 0 },
  { operation: "snapshot.create", workflow: "backup", before: [], makes: 1 },
  { operation: "snapshot.restore", workflow: "restore", before: ["backup"], makes: 0 },
  { operation: "snapshot.remove", workflow: "remove_backup", before: ["backup"], makes: -1 },
  { operation: "backup.create", workflow: "backup", before: [], makes: 1 },
  // New disks: a provider may drop the points of change tracking that lay in the old ones.
  { operation: "backup.restore", workflow: "restore", before: ["backup"] },
  { operation: "backup.remove", workflow: "remove_backup", before: ["backup"], makes: -1 },
];

const kindOf = (operation: Operation): BackupKind => (operation.startsWith("backup.") ? "backup" : "snapshot");

/** What every world says of its calls since its first day is not asked for. */
const breaksIn = (operation: Operation): Pick<Case, "breaks"> =>
  kindOf(operation) === "backup" ? { breaks: operation } : {};

const nobodyFrozen = async ({ scene: { vms, truth } }: Stage): Promise<void> => {
  for (const vm of vms) expect(await truth.isFrozen(vm)).toBe(false);
};

const lostReply = routes.map(({ operation, workflow, before, makes }): Case => ({
  title: `T-09: ${operation}: a lost reply is found out by looking, and nothing is done twice`,
  proves: [`vm.${operation}`],
  scene: {},
  needs: "faults",
  ...breaksIn(operation),
  run: async (stage, world) => {
    const { board, callOf } = faultsOf(world);
    const kind = kindOf(operation);
    for (const earlier of before) await stage.run(earlier, { kind });
    const vm = first(stage.scene.vms);
    const had = (await stage.scene.truth.artefacts(vm)).length;
    await board.set({ call: callOf[operation] ?? "*", target: vm.providerId, does: { what: "lose-reply" } });
    const { summary } = await stage.run(workflow, { kind });
    expect(summary.status, JSON.stringify(summary.instances)).toBe("succeeded");
    if (makes !== undefined) expect((await stage.scene.truth.artefacts(vm)).length - had).toBe(makes);
    await nobodyFrozen(stage);
  },
}));

const deadlineMs = 800;
const shortTimeouts = {
  freeze: deadlineMs,
  thaw: deadlineMs,
  capture: deadlineMs,
  power: deadlineMs,
  restore: deadlineMs,
  remove: deadlineMs,
  complete: deadlineMs,
};

/** New disks that a machine may be about to get, and what tells from where a machine may be about to be suspended. */
const keepsInDoubt: ReadonlySet<Operation> = new Set<Operation>(["backup.restore", "suspend"]);

const hangs = routes.map(({ operation, workflow, before }): Case => ({
  title: `T-04: ${operation}: a provider that never answers is given up at the deadline, and nobody stays frozen`,
  proves: [`vm.${operation}`],
  scene: {},
  needs: "faults",
  ...breaksIn(operation),
  ...(keepsInDoubt.has(operation) ? { doubt: true } : {}),
  run: async (stage, world) => {
    const { board, callOf } = faultsOf(world);
    const kind = kindOf(operation);
    for (const earlier of before) await stage.run(earlier, { kind });
    const vm = first(stage.scene.vms);
    const call = callOf[operation] ?? "*";
    await board.set({ call, target: vm.providerId, times: 10, does: { what: "hang", effect: false } });
    const startedAt = performance.now();
    const { summary } = await stage.run(workflow, { kind, timeoutMs: shortTimeouts });
    expect(summary.status).not.toBe("succeeded");
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    expect(summary.held).toEqual([]);
    expect((await stage.scene.truth.held?.(vm)) ?? []).toEqual([]);
    await board.clear();
    await nobodyFrozen(stage);
  },
}));

const frozen: readonly Case[] = [
  {
    title: "T-01: a capture that fails after the freeze leaves nobody frozen",
    proves: ["vm.freeze", "vm.thaw", "vm.snapshot.create"],
    scene: { vms: 3 },
    needs: "faults",
    run: async (stage, world) => {
      const { board, callOf } = faultsOf(world);
      const [, middle] = stage.scene.vms;
      await board.set({
        call: callOf["snapshot.create"] ?? "*",
        ...(middle === undefined ? {} : { target: middle.providerId }),
        times: 10,
        does: { what: "fail" },
      });
      const { summary } = await stage.run("backup");
      expect(summary.status).toBe("partial");
      await nobodyFrozen(stage);
    },
  },
  {
    title: "T-05: a freeze whose reply is lost is thawed",
    proves: ["vm.freeze", "vm.thaw"],
    scene: {},
    needs: "faults",
    run: async (stage, world) => {
      const { board, callOf } = faultsOf(world);
      await board.set({ call: callOf.freeze ?? "*", does: { what: "lose-reply" } });
      const { summary } = await stage.run("backup");
      expect(summary.frozen).toEqual([]);
      await nobodyFrozen(stage);
    },
  },
  {
    title: "T-33: a thaw that fails three times is tried again",
    proves: ["vm.freeze", "vm.thaw"],
    scene: {},
    needs: "faults",
    run: async (stage, world) => {
      const { board, callOf } = faultsOf(world);
      await board.set({ call: callOf.thaw ?? "*", times: 3, does: { what: "fail", transient: true } });
      expect((await stage.run("backup")).summary.status).toBe("succeeded");
      await nobodyFrozen(stage);
    },
  },
];

export const faultCases: readonly Case[] = [...lostReply, ...hangs, ...frozen];
