import type { Recorded } from "../event/event.ts";
import type { InstanceId } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { Manifest, ManifestItem } from "../model/manifest.ts";
import { catalogueChanges } from "./catalogue-changes.ts";
import type { PlanIndex } from "./plan-index.ts";
import type { RunState } from "./run-state.ts";

/** What a store must change beside appending the event and keeping the run's state: pure, the same for every store. */
export type Change =
  /** Only when there is none with this id. */
  | { readonly what: "add-backup"; readonly manifest: Omit<Manifest, "items"> }
  | { readonly what: "complete-backup"; readonly id: Manifest["id"] }
  /** Only when it has no items left. */
  | { readonly what: "drop-empty-backup"; readonly id: Manifest["id"] }
  | { readonly what: "put-item"; readonly id: Manifest["id"]; readonly item: ManifestItem }
  | { readonly what: "drop-item"; readonly id: Manifest["id"]; readonly instance: InstanceId }
  | { readonly what: "put-suspended"; readonly instance: InstanceId; readonly saved: JsonObject }
  | { readonly what: "drop-suspended"; readonly instance: InstanceId };

/** `state` is the run's state with the event already in it. */
export const project = (run: PlanIndex, state: RunState, event: Recorded): readonly Change[] => [
  ...suspendedChanges(run, event),
  ...catalogueChanges(run, state, event),
];

const suspendedChanges = ({ steps }: PlanIndex, event: Recorded): readonly Change[] => {
  if (event.type !== "step.ended" || event.end.as !== "succeeded") return [];
  const step = steps.get(event.step);
  if (step === undefined || (step.does !== "cell" && step.does !== "call")) return [];
  const [{ instance }] = step.targets;
  if (step.operation === "suspend") return [{ what: "put-suspended", instance, saved: event.end.outcome.saved }];
  if (step.operation === "resume") return [{ what: "drop-suspended", instance }];
  return [];
};
