import { asId, type DebtSpec, type Plan, type RunId } from "@quiesce/core";

export const crashRun = asId<RunId>("crash");

export const crashPlan = (): Plan => ({
  schema: "quiesce.plan/1",
  workflow: "suspend",
  deployment: asId("crash"),
  scope: "instance",
  parameters: {},
  stages: [],
  omitted: [],
  notes: [],
  surveyed: {},
  locks: ["vm"],
  digest: asId("sha256:0"),
});

export const debtOf = (step: string): DebtSpec => ({
  key: asId(`thaw ${step}`),
  harm: "frozen",
  target: { instance: asId("vm"), kind: "vm", providerId: "vm", properties: {} },
  dueInMs: 1_000,
  pay: { account: asId("account"), operation: "thaw", input: {}, timeoutMs: 1_000 },
});
