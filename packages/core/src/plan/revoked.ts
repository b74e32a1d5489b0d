import type { RunId } from "../model/id.ts";
import type { RecoveryRecord } from "../model/recovery.ts";
import { byText } from "./by-text.ts";
import type { Planning } from "./world.ts";

/** Which restore is taken back or committed. */
export interface RevokeRequest {
  /** Every way back of the deployment, newest first, as the store lists them. */
  readonly records: readonly RecoveryRecord[];
  /** The run that restored. Default: the newest one that has a way back. */
  readonly run?: RunId;
}

/** The ways back of the wanted run that are selected; none, with a problem, when there are none. */
export const recordsOf = (
  { world, findings }: Planning,
  { records, run }: RevokeRequest,
): readonly RecoveryRecord[] => {
  const { include, exclude } = world.options;
  const known = records.filter(({ deployment }) => deployment === world.deployment);
  const wanted = run ?? known[0]?.run;
  const ofRun = known.filter((record) => record.run === wanted);
  const chosen = ofRun.filter(
    ({ instance }) => (include === "all" || include.includes(instance)) && !exclude.includes(instance),
  );
  if (chosen.length > 0) return chosen.toSorted((a, b) => byText(a.instance, b.instance));
  const hint = `See which there are: quiesce backups recovery-points ${world.deployment}.`;
  if (wanted === undefined)
    findings.problems.push({
      code: "not-found",
      message: `No restore of deployment ${world.deployment} has a way back: none was kept, or it was taken or given up.`,
      hint,
    });
  else if (ofRun.length === 0)
    findings.problems.push({
      code: "not-found",
      message: `Run ${wanted} has no way back in deployment ${world.deployment}: it restored nothing here, kept nothing, or its way back was taken or given up.`,
      hint,
    });
  else
    findings.problems.push({
      code: "empty-selection",
      message: `Run ${wanted} restored nothing of what is selected: it restored ${ofRun.map(({ instance }) => instance).join(", ")}.`,
      hint: "Select one of these, or leave the selection out.",
    });
  return [];
};

/** Whether two restores changed the same object: one beside its original changed nothing but itself. */
export const isOfSameObject = (one: RecoveryRecord, other: RecoveryRecord): boolean =>
  one.provider === other.provider && one.providerId === other.providerId && !isBeside(one) && !isBeside(other);

export const isBeside = ({ input }: RecoveryRecord): boolean => besideName(input["as"]) !== undefined;

/** The name of a machine that was restored beside its original. */
export const besideName = (as: unknown): string | undefined => {
  if (typeof as !== "object" || as === null || !("place" in as) || as.place !== "new") return undefined;
  return "name" in as && typeof as.name === "string" ? as.name : undefined;
};
