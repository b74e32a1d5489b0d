import fc from "fast-check";
import {
  asId,
  defaultOptions,
  workflows,
  type BackupKind,
  type Deployment,
  type InstanceId,
  type PlanOptions,
  type Quiesce,
  type Scope,
} from "@quiesce/core";
import { anyDeployment } from "./any-deployment.ts";
import { anyFacts } from "./any-facts.ts";
import { anyManifest } from "./any-manifest.ts";
import type { PlanRequest, Wildness } from "./plan-request.ts";

const anyOptions = (deployment: Deployment, wildness: Wildness): fc.Arbitrary<PlanOptions> => {
  const wild = wildness === "wild";
  const sane = wildness === "sane";
  const ids = Object.keys(deployment.instances).map((id) => asId<InstanceId>(id));
  const names = wild ? [...ids, asId<InstanceId>("nobody"), asId<InstanceId>("valueOf")] : ids;
  return fc
    .record({
      scope: fc.constantFrom<Scope>("deployment", "instance"),
      kind: fc.constantFrom<BackupKind>("snapshot", "backup"),
      name: wild ? fc.constantFrom("nightly", "", "../x", "a\nb") : fc.constant("nightly"),
      include: fc.oneof(
        { arbitrary: fc.constant("all" as const), weight: 3 },
        fc.subarray(names, { minLength: wild ? 0 : 1 }),
      ),
      exclude: fc.subarray(names, { maxLength: wild ? names.length : sane ? 0 : 1 }),
      quiesce: fc.constantFrom<Quiesce>(
        ...(sane ? (["auto", "try"] as const) : (["auto", "try", "try", "off", "required"] as const)),
      ),
      disks: fc.constantFrom<PlanOptions["disks"]>("all", "listed"),
      allowUncaptured: sane ? fc.constant([]) : fc.oneof(fc.constant(everyDisk), fc.subarray(everyDisk)),
      allowSkip: sane ? fc.constant(true) : fc.boolean(),
      allowMixedTime: sane ? fc.constant(true) : fc.boolean(),
      incremental: fc.boolean(),
      as: fc.oneof(
        { arbitrary: fc.constant(undefined), weight: sane ? 12 : 2 },
        fc.record({ name: fc.constantFrom("new", ...(wild ? ["i0", "", "a/b"] : [])), connect: fc.boolean() }),
      ),
      freezeDeadlineMs: wild ? fc.constantFrom(30_000, 0, -1, Number.NaN, Infinity, 1) : fc.constant(30_000),
      from: fc.option(anyManifest(deployment, wildness), { nil: undefined, freq: wild ? 4 : 1000 }),
    })
    .map(({ from, as, ...rest }) => ({
      ...defaultOptions,
      ...rest,
      ...(from === undefined ? {} : { from }),
      ...(as === undefined ? {} : { as }),
    }));
};

const everyDisk = ["i0", "i1", "i2", "i3", "i4", "i5", "i6"].flatMap((id) =>
  ["vda", "vd0", "vd1"].map((disk) => `${id}:${disk}`),
);

/** A request for a plan, of any workflow. */
export const anyPlanRequest = (wildness: Wildness): fc.Arbitrary<PlanRequest> =>
  anyDeployment(wildness).chain((deployment) =>
    fc.record({
      workflow: fc.constantFrom(...workflows),
      deployment: fc.constant(deployment),
      facts: anyFacts(deployment, wildness),
      options: anyOptions(deployment, wildness),
    }),
  );
