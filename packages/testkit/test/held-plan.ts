import { asId, type DebtKey, type Manifest, type Plan, type Step, type StepKey } from "@quiesce/core";
import { base, planOf, provider, target, type EngineWorld } from "./engine-world.ts";

/** How long a capture may hold what it holds; then the watchdog releases it. */
export const heldMs = 600_000;

const held = (vm: string): DebtKey => asId<DebtKey>(`held/${vm}`);
const completes = (vm: string): StepKey => asId<StepKey>(`complete/${vm}`);
const input = { parent: "full" };

const prepare = (vm: string): Step => {
  const { account, timeoutMs } = base(vm, "prepare", 10_000, 1);
  return {
    ...base(vm, "prepare", 10_000, 1),
    input,
    does: "prepare",
    operation: "backup.create",
    owes: {
      key: held(vm),
      harm: "held",
      target: target(vm),
      dueInMs: heldMs,
      pay: { provider, account, operation: "backup.create", input, timeoutMs, completes: completes(vm) },
    },
  };
};

const reads = (vm: string) => ({ prepared: asId<StepKey>(`prepare/${vm}`) });
const capture = (vm: string): Step => ({
  ...base(vm, "backup.create", 10_000, 2),
  input,
  reads: reads(vm),
  does: "capture",
  operation: "backup.create",
});
const complete = (vm: string): Step => ({
  ...base(vm, "complete", 100 * heldMs, 2),
  input,
  reads: reads(vm),
  does: "complete",
  of: asId<StepKey>(`backup.create/${vm}`),
  operation: "backup.create",
});
const release = (vm: string): Step => ({
  ...base(vm, "release", 10_000, 1),
  input,
  does: "release",
  of: completes(vm),
  debt: held(vm),
  operation: "backup.create",
});

/** A backup of bytes by hand, each machine in a row of its own: prepare, capture, complete, release. */
export const heldPlan = ({ repository }: EngineWorld, vms: readonly string[], name = "nightly"): Plan => {
  const plan = planOf("instance", vms);
  const { id, location } = repository;
  const chains = plan.stages[0]?.chains ?? [];
  const links = (vm: string) => [[prepare(vm)], [capture(vm)], [complete(vm)], [release(vm)]] as const;
  return {
    ...plan,
    backup: { name, kind: "backup", repository: { id, location } },
    stages: [{ name: "units", chains: chains.map((chain, at) => ({ ...chain, links: links(vms[at] ?? "") })) }],
  };
};

/** Removes these machines from a set. */
export const removalPlan = (set: Manifest, vms: readonly string[]): Plan => {
  const plan = planOf("instance", vms);
  const { id, name, kind, repository } = set;
  const step = (vm: string): Step => ({
    ...base(vm, "backup.remove", 10_000, 1),
    input: {
      artefacts: (set.items.find(({ instance }) => instance === vm)?.artefacts ?? []).map((one) => ({ ...one })),
    },
    does: "cell",
    operation: "backup.remove",
  });
  const chains = plan.stages[0]?.chains ?? [];
  return {
    ...plan,
    workflow: "remove_backup",
    backup: { id, name, kind, ...(repository === undefined ? {} : { repository }) },
    stages: [{ name: "remove", chains: chains.map((chain, at) => ({ ...chain, links: [[step(vms[at] ?? "")]] })) }],
  };
};
