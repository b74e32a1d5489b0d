import { asId, type KeptPoint, type Leftover, type StepEnd } from "@quiesce/core";
import { backupPlan, frozenDebt, restorePlan, targetOf, wayBackPlan } from "./sample-plan.ts";
import { begunRun, ended, intended, paid, record, settled, succeeded, takenOver, ttlMs, undone } from "./sample-run.ts";
import type { StoreWorld } from "./store-case.ts";

type World = Pick<StoreWorld, "store" | "clock">;

const debt = frozenDebt(targetOf("vm1"));
const leftover: Leftover = {
  provider: asId("hv1"),
  kind: "image",
  id: "i9",
  name: "left",
  reason: "it is in use",
};

const keeping = (detail: string): StepEnd => {
  const recovery: KeptPoint = { is: "old-disks", detail, bytes: 512, kept: { disk: `${detail}.old` } };
  return succeeded({ recovery });
};

/** Ways back from restores, and a run that was overtaken, taken over and repeats its window. */
export const fillRecovered = async (world: World): Promise<void> => {
  const restore = await begunRun(world, "restore", restorePlan());
  await record(world, restore, [
    ended("backup.restore/vm1", keeping("vm1")),
    ended("backup.restore/vm2", keeping("vm2")),
    settled("succeeded"),
  ]);
  const commit = await begunRun(world, "commit", wayBackPlan("commit", restore.run));
  await record(world, commit, [ended("commit/vm1", succeeded()), { ...settled("succeeded"), leftovers: [leftover] }]);

  const plan = backupPlan({ deployment: asId("dead"), locks: ["id-of-vm3"] });
  const dead = await begunRun(world, "dead", plan);
  await record(world, dead, [
    { ...intended("freeze/vm1"), debt },
    ended("backup.create/vm1", succeeded()),
    { ...paid(debt.key, 9_000), by: "watchdog" },
    undone("backup.create/vm1"),
    { ...intended("freeze/vm1", { epoch: 1 }), debt },
  ]);
  world.clock.move(ttlMs);
  const later = await begunRun(world, "later", backupPlan({ deployment: asId("later"), locks: ["id-of-vm3"] }));
  await takenOver(world, "dead", { policy: "debts" });
  await record(world, later, [{ type: "run.undoing" }, settled("failed")]);
};
