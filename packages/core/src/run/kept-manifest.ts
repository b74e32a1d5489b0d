import { failure, type ProviderError } from "../error/provider-error.ts";
import type { RunStatus } from "../event/event.ts";
import type { Manifest } from "../model/manifest.ts";
import { stepsOf, type Plan } from "../plan/plan.ts";
import { withDeadline } from "./deadline.ts";
import type { Drive } from "./drive.ts";
import { isWhole } from "./items.ts";
import { problemOf } from "./problem-of.ts";
import { setMadeBy, type SetKey } from "./set-made-by.ts";

const never = new AbortController().signal;
/** A repository that hangs must not keep the run, and its locks, for ever. */
const deadlineMs = 300_000;

/**
 * Before the first step of a removal: the repository stops calling the set whole, and then it is taken apart. Gives
 * the error that must keep the removal from beginning.
 */
export const withdrawManifest = async (drive: Drive): Promise<ProviderError | undefined> => {
  const { plan } = drive.index;
  const key = keyIn(plan);
  if (plan.workflow !== "remove_backup" || key === undefined) return undefined;
  const set = await setOf(drive, key);
  if ((plan.backup?.repository ?? set?.repository) === undefined) return undefined;
  const going = goingBy(plan);
  const left = set?.items.filter(({ instance }) => !going.has(instance)) ?? [];
  const what = `Withdrawing the manifest of ${key.kind} ${key.name}`;
  return await tried(drive, what, () => bringInLine(drive, key, set && { ...set, items: left }));
};

/**
 * After all steps and payments, before the run settles: the repository says of the set what the catalogue says, so
 * that a set that the catalogue calls complete always has its manifest. Gives the error that the run ends with.
 */
export const keepManifest = async (drive: Drive, status: RunStatus): Promise<ProviderError | undefined> => {
  const { plan } = drive.index;
  const key = setMadeBy(plan, drive.run) ?? (plan.workflow === "remove_backup" ? keyIn(plan) : undefined);
  if (key === undefined) return undefined;
  const set = await setOf(drive, key);
  if ((plan.backup?.repository ?? set?.repository) === undefined) return undefined;
  const complete = plan.workflow === "backup" ? await isMade(drive, status) : set?.complete === true;
  const what = `Writing the manifest of ${key.kind} ${key.name}`;
  return await tried(drive, what, () => bringInLine(drive, key, set && { ...set, complete }));
};

const isMade = async ({ index, store, run }: Drive, status: RunStatus): Promise<boolean> =>
  status === "succeeded" || (status === "partial" && isWhole(index, await store.state(run)));

const keyIn = ({ backup, deployment }: Plan): SetKey | undefined =>
  backup?.id === undefined ? undefined : { id: backup.id, deployment, name: backup.name, kind: backup.kind };

const setOf = async ({ store }: Drive, { deployment, id }: SetKey): Promise<Manifest | undefined> =>
  (await store.catalogue.find(deployment, id)).find((set) => set.id === id);

const goingBy = (plan: Plan): ReadonlySet<string> =>
  new Set(
    stepsOf(plan).flatMap(({ operation, targets, covers }) =>
      operation.endsWith(".remove") ? [...targets, ...covers].map(({ instance }) => instance) : [],
    ),
  );

/** A set without items is gone, and its manifest with it. */
const bringInLine = async (
  { repository, store }: Drive,
  key: SetKey,
  manifest: Manifest | undefined,
): Promise<void> => {
  if (manifest === undefined || manifest.items.length === 0) await repository.dropManifest(key);
  else await repository.keepManifest({ store: store.id, manifest });
};

const tried = async (drive: Drive, what: string, work: () => Promise<void>): Promise<ProviderError | undefined> => {
  try {
    await withDeadline(drive.clock, deadlineMs, never, what, work);
    return undefined;
  } catch (thrown) {
    const { message, code } = problemOf(thrown, never);
    return failure(code, `${what} in ${drive.repository.location} failed: ${message}`).problem;
  }
};
