import { asId } from "@quiesce/core";
import { backupPlan, frozenDebt, planOf, stepOf, targetOf } from "./sample-plan.ts";
import { keptSet } from "./sample-set.ts";
import { begunRun, ended, failed, intended, paid, record, runId, settled, succeeded } from "./sample-run.ts";
import { fillRecovered } from "./sample-recovered.ts";
import type { StoreWorld } from "./store-case.ts";

const debt = frozenDebt(targetOf("vm1"));

/** Puts something of every kind into an empty store: what a file of an older version must still mean. */
export const fillStore = async (world: Pick<StoreWorld, "store" | "clock">): Promise<void> => {
  const backup = await begunRun(world, "backup", backupPlan());
  const image = { kind: "image", id: "i1", owner: "id-of-vm1", name: "nightly-vm1", bytes: 1_024 };
  await record(world, backup, [
    { ...intended("freeze/vm1"), debt },
    ended("freeze/vm1", succeeded({ saved: { "file systems": 2 } })),
    intended("backup.create/vm1"),
    { type: "step.ticketed", step: asId("backup.create/vm1"), ticket: { job: [1, null, "ü"] } },
    ended("backup.create/vm1", succeeded({ artefacts: [image], consistency: "fs", covered: ["id-of-disk1"] })),
    ended("backup.create/vm2", failed),
    { type: "debt.paying", debt: debt.key, by: "step", attempt: 1 },
    paid(debt.key, 1_234),
    ended("thaw/vm1", succeeded()),
    settled("partial"),
  ]);

  const checked = { at: world.clock.now(), bytes: 1_024, damage: [{ file: "i1", reason: "the byte at 0 is wrong" }] };
  await world.store.annotate(asId("backup"), { protected: true, checked });
  await world.store.adopt([keptSet("adopted", { store: "another store" })]);

  const suspendVm1 = stepOf({ operation: "suspend", targets: [targetOf("vm1")] });
  const suspend = await begunRun(world, "suspend", planOf({ workflow: "suspend", locks: ["id-of-vm1"] }, [suspendVm1]));
  await record(world, suspend, [
    intended("suspend/vm1"),
    ended("suspend/vm1", succeeded({ saved: { was: "running" } })),
    settled("succeeded"),
  ]);

  await fillRecovered(world);

  const other = backupPlan({ deployment: asId("other"), locks: ["id-of-vm9"] });
  const open = await begunRun(world, "open", other);
  const chain = await world.store.claim(open.run, asId("vm1"), "a worker");
  await record(world, chain, [
    { ...intended("freeze/vm1"), debt },
    { type: "debt.failed", debt: debt.key, by: "watchdog", attempt: 1, error: failed.error },
  ]);
  await world.store.requestCancel(runId("open"), "soft", world.clock.now());
};
