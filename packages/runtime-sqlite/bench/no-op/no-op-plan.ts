import { asId, type Chain, type Plan, type Step, type StepKey } from "@quiesce/core";

/** One provider account, so that its limit is the parallelism of the run. */
export const account = "no-op";

/** `instances` units with one chain each, of `steps` steps that do nothing. */
export const noOpPlan = (instances: number, steps: number): Plan => ({
  schema: "quiesce.plan/1",
  workflow: "suspend",
  deployment: asId("bench"),
  scope: "instance",
  parameters: {},
  stages: [{ name: "all", chains: Array.from({ length: instances }, (_, at) => chainOf(`vm-${at}`, steps)) }],
  omitted: [],
  notes: [],
  surveyed: {},
  locks: Array.from({ length: instances }, (_, at) => `id-of-vm-${at}`),
  digest: asId("sha256:0"),
});

const chainOf = (vm: string, steps: number): Chain => ({
  unit: asId(vm),
  site: asId("here"),
  links: Array.from({ length: steps }, (_, at): readonly [Step] => [stepOf(vm, at)]),
  redo: 0,
});

const stepOf = (vm: string, at: number): Step => ({
  key: asId<StepKey>(`step ${at}/${vm}`),
  title: `step ${at} of ${vm}`,
  provider: asId(account),
  account: asId(account),
  targets: [{ instance: asId(vm), kind: "vm", providerId: `id-of-${vm}`, properties: {} }],
  operation: "freeze",
  input: {},
  reads: {},
  risk: "safe",
  timeoutMs: 60_000,
  retry: { attempts: 1, baseMs: 1, capMs: 1 },
  onFailure: "note",
  covers: [],
  does: "cell",
});
