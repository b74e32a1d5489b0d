import { asId, type BackupId, type RunId } from "../model/id.ts";
import type { Plan } from "../plan/plan.ts";
import type { Manifest } from "../model/manifest.ts";

export type SetKey = Pick<Manifest, "id" | "deployment" | "name" | "kind">;

/** The backup set that a run of this plan will make; undefined when it makes none. */
export const setMadeBy = ({ workflow, backup, deployment }: Plan, run: RunId): SetKey | undefined =>
  workflow === "backup" && backup !== undefined
    ? { id: backup.id ?? asId<BackupId>(run), deployment, name: backup.name, kind: backup.kind }
    : undefined;
