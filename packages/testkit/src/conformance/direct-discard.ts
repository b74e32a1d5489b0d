import { systemClock, type BackupKind, type Plan, type RunId, type Step } from "@quiesce/core";
import type { Stage } from "./stage.ts";

/** Calls the `discard` of a machine's create as the engine does when it takes a run back, without an engine. */
export const discardDirectly = async (
  stage: Stage,
  { plan, run }: { readonly plan: Plan; readonly run: RunId },
  kind: BackupKind,
): Promise<void> => {
  const step = captureOf(plan, kind);
  const connection = await stage.connection();
  const tag = { store: stage.store.id, deployment: plan.deployment, run };
  const backup = { name: plan.backup?.name ?? "", kind };
  const signal = AbortSignal.timeout(60_000);
  await connection.drive(step).discard({
    run,
    key: step.key,
    attempt: 1,
    tag,
    backup,
    frozen: false,
    repository: stage.repository.folder({ tag, backup, instance: step.targets[0].instance }),
    lane: "work",
    signal,
    input: step.input,
    sleep: (ms) => systemClock.sleep(ms, signal),
    report: () => {},
  });
};

const captureOf = ({ stages }: Plan, kind: BackupKind): Step => {
  const steps = stages.flatMap(({ chains }) => chains.flatMap(({ links }) => links.flat()));
  const found = steps.find(
    ({ does, operation, targets }) => does === "capture" && operation === `${kind}.create` && targets[0].kind === "vm",
  );
  if (found === undefined) throw new Error(`The plan has no ${kind}.create of a machine.`);
  return found;
};
