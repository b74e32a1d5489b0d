import {
  asId,
  type Chain,
  type DebtSpec,
  type Deployment,
  type Plan,
  type PlannedTarget,
  type Step,
} from "@quiesce/core";
import type { BackupId, DeploymentId, RunId, Some, StepKey, Workflow } from "@quiesce/core";

export const shop: DeploymentId = asId("shop");

export const deploymentNamed = (id: DeploymentId): Deployment => ({ id, providers: {}, instances: {} });

export const targetOf = (instance: string, kind: PlannedTarget["kind"] = "vm"): PlannedTarget => ({
  instance: asId(instance),
  kind,
  providerId: `id-of-${instance}`,
  properties: {},
});

type StepParts = Pick<Step, "operation" | "targets"> & Partial<Step>;

/** A step of which only these parts matter; it does its cell unless `does` says otherwise. */
export const stepOf = (parts: StepParts): Step =>
  ({
    key: asId<StepKey>(`${parts.operation}/${parts.targets[0].instance}`),
    title: parts.operation,
    account: asId("account"),
    input: {},
    reads: {},
    risk: "safe",
    timeoutMs: 1_000,
    retry: { attempts: 1, baseMs: 1, capMs: 1 },
    onFailure: "run",
    covers: [],
    does: "cell",
    ...parts,
  }) as Step;

export const frozenDebt = (target: PlannedTarget): DebtSpec => ({
  key: asId(`thaw/${target.instance}`),
  harm: "frozen",
  target,
  dueInMs: 30_000,
  pay: { account: asId("account"), operation: "thaw", input: {}, timeoutMs: 10_000 },
});

/** What a capture holds until its bytes are whole. */
export const heldDebt = (target: PlannedTarget): DebtSpec => ({
  ...frozenDebt(target),
  key: asId(`release/${target.instance}`),
  harm: "held",
  pay: { ...frozenDebt(target).pay, operation: "backup.create", completes: asId(`complete/${target.instance}`) },
});

type PlanParts = Partial<Omit<Plan, "stages">> & { readonly workflow: Workflow };

/** Each step in a stage and a chain of its own. */
export const planOf = (parts: PlanParts, steps: readonly Step[] = []): Plan => ({
  schema: "quiesce.plan/1",
  deployment: shop,
  scope: "deployment",
  parameters: {},
  stages: steps.map((step, at) => ({ name: `stage ${at}`, chains: [chainOf([step])] })),
  omitted: [],
  notes: [],
  surveyed: {},
  locks: [],
  digest: asId("sha256:0"),
  ...parts,
});

const chainOf = (link: Some<Step>): Chain => ({
  unit: asId(link[0].targets[0].instance),
  site: asId("here"),
  links: [link],
  redo: 0,
});

const [vm1, vm2] = [targetOf("vm1"), targetOf("vm2")];
const capture1 = stepOf({
  does: "capture",
  operation: "backup.create",
  targets: [vm1],
  covers: [{ ...targetOf("disk1", "volume"), kind: "volume", mode: "by-vm", reason: "inside the machine's backup" }],
});
const capture2 = stepOf({ does: "capture", operation: "backup.create", targets: [vm2] });

/** Freezes vm1, captures vm1 (with its disk1) and vm2, thaws vm1, completes vm1. */
export const backupPlan = (parts: Partial<PlanParts> = {}): Plan =>
  planOf({ workflow: "backup", backup: { name: "nightly", kind: "backup" }, locks: ["id-of-vm1"], ...parts }, [
    stepOf({ operation: "freeze", targets: [vm1], owes: frozenDebt(vm1) }),
    capture1,
    capture2,
    stepOf({ does: "pay", operation: "thaw", targets: [vm1], debt: frozenDebt(vm1).key }),
    stepOf({ ...capture1, key: asId("complete/vm1"), does: "complete", of: capture1.key }),
  ]);

const nightly = { id: asId<BackupId>("nightly-1"), name: "nightly", kind: "backup" } as const;

/** Restores vm1 and vm2 in place. */
export const restorePlan = (parts: Partial<PlanParts> = {}): Plan =>
  planOf(
    { workflow: "restore", backup: nightly, ...parts },
    [vm1, vm2].map((vm) =>
      stepOf({ operation: "backup.restore", targets: [vm], provider: asId("hv1"), input: { image: vm.providerId } }),
    ),
  );

/** Takes back what run `of` restored of vm1, or gives up the way back. */
export const wayBackPlan = (does: "undo" | "commit", of: RunId): Plan =>
  planOf({ workflow: "restore", backup: nightly }, [
    stepOf({ key: asId(`${does}/vm1`), does, of, operation: "backup.restore", targets: [vm1], provider: asId("hv1") }),
  ]);
