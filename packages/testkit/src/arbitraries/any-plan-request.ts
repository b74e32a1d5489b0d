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
      exclude: fc.subarray(names, { maxLength: wild ? names.length : 0 }),
      quiesce: fc.constantFrom<Quiesce>(
        ...(wild ? (["auto", "required", "try", "off"] as const) : (["auto", "try"] as const)),
      ),
      disks: fc.constantFrom<PlanOptions["disks"]>("all", "listed"),
      allowUncaptured: fc.subarray(["i0:vda", "i1:vd0"]),
      allowSkip: wild ? fc.boolean() : fc.constant(true),
      allowMixedTime: wild ? fc.boolean() : fc.constant(true),
      freezeDeadlineMs: wild ? fc.constantFrom(30_000, 0, -1, Number.NaN, Infinity, 1) : fc.constant(30_000),
      from: fc.option(anyManifest(deployment, wildness), { nil: undefined, freq: wild ? 4 : 1000 }),
    })
    .map(({ from, ...rest }) => ({ ...defaultOptions, ...rest, ...(from === undefined ? {} : { from }) }));
};

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
