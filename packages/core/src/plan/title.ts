import type { BackupKind, Operation } from "../vocabulary/operation.ts";
import type { PlannedTarget } from "./plan.ts";

/** `db (5f3a…)`: the name that the user gave and the id that the provider knows. */
const nameOf = ({ instance, providerId }: PlannedTarget): string =>
  instance === providerId ? instance : `${instance} (${providerId})`;

/** What a step does, in words. `set`: name of the backup set, where there is one. */
export const titleOf = (operation: Operation, target: PlannedTarget, set: string): string => {
  const name = nameOf(target);
  switch (operation) {
    case "suspend":
      return `Suspend ${name}`;
    case "resume":
      return `Resume ${name}`;
    case "freeze":
      return `Freeze ${name}`;
    case "thaw":
      return `Thaw ${name}`;
    case "snapshot.create":
      return `Take snapshot ${set} of ${name}`;
    case "backup.create":
      return `Take backup ${set} of ${name}`;
    case "snapshot.restore":
    case "backup.restore":
      return `Restore ${name} from ${kindOf(operation)} ${set}`;
    case "snapshot.remove":
    case "backup.remove":
      return `Remove ${kindOf(operation)} ${set} of ${name}`;
  }
};

/** A capture that stores only what changed since another set. */
export const captureTitleOf = (target: PlannedTarget, set: string, since: string): string =>
  `Take incremental backup ${set} of ${nameOf(target)}, since ${since}`;

/** A cell that looks and changes nothing, whatever its operation is called. */
export const compareTitleOf = (operation: Operation, target: PlannedTarget, set: string): string =>
  `Compare ${nameOf(target)} with ${kindOf(operation)} ${set}`;

const kindOf = (operation: Operation): BackupKind => (operation.startsWith("snapshot") ? "snapshot" : "backup");
