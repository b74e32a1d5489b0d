import { failure } from "../error/provider-error.ts";
import type { Outcome } from "../model/artefact.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { DebtSpec, Step } from "../plan/plan.ts";
import type { Lane } from "../plugin/context.ts";
import type { Sighting } from "../plugin/handler.ts";
import type { Attempt, StepDriver } from "../plugin/plugin.ts";
import type { RepositoryFolder } from "../ports/repository.ts";
import type { Drive } from "./drive.ts";
import { settleMsOf } from "./driver-of.ts";

/** One try of a step, as far as the engine made it. */
export interface Try {
  readonly step: Step;
  readonly driver: StepDriver;
  readonly attempt: number;
  readonly epoch: number;
  /** An earlier try may have acted, or may still come true: absent once does not mean absent. */
  readonly doubt: boolean;
  /** A long job of an earlier try, still to be polled. */
  readonly ticket?: Json;
  readonly info: Attempt;
}

const pollMs = 1000;

/** Looks, acts when there is nothing to see, polls, and looks again: the only way to an outcome. */
export const tryStep = async (drive: Drive, one: Try): Promise<Outcome> => {
  const { step, driver, info } = one;
  if (one.ticket !== undefined) {
    await pollToEnd(drive, one, one.ticket);
    return await seen(drive, one);
  }
  const before = await lookFirst(drive, one);
  const harm = "owes" in step ? step.owes : undefined;
  // Harm that is there already is this run's own, from before its journal was lost: it is owed as well.
  if (before.is === "absent" || harm !== undefined) await intend(drive, one, harm);
  if (before.is !== "absent") return await outcomeOf(drive, one, before);
  const acted = await driver.act(info);
  switch (acted.next) {
    case "evidence":
      return acted.outcome;
    case "poll":
      await drive.journal.record({ type: "step.ticketed", step: step.key, ticket: acted.ticket });
      await pollToEnd(drive, one, acted.ticket);
      return await seen(drive, one);
    case "observe":
      return await seen(drive, one);
  }
};

/** Late effects are looked for twice, so that nothing is made a second time. */
const lookFirst = async (drive: Drive, { step, driver, doubt, info }: Try): Promise<Sighting> => {
  const first = await driver.observe(info);
  const settleMs = doubt && first.is === "absent" ? await settleMsOf(drive, step) : 0;
  if (settleMs === 0) return first;
  await info.sleep(settleMs);
  return await driver.observe(info);
};

const intend = async (drive: Drive, { step, attempt, epoch }: Try, harm: DebtSpec | undefined): Promise<void> => {
  const debt = harm === undefined ? {} : { debt: harm };
  await drive.journal.record({ type: "step.intended", step: step.key, attempt, epoch, ...debt });
  if (harm !== undefined) drive.cashier.owe(harm, step.key);
};

/** After the act: nothing to see now means that the provider took the call and did nothing, or not yet. */
const seen = async (drive: Drive, one: Try): Promise<Outcome> => {
  const sighting = await one.driver.observe(one.info);
  if (sighting.is !== "absent") return await outcomeOf(drive, one, sighting);
  throw failure("protocol", `${one.step.title}: the provider accepted the call, but its effect is not to be seen.`, {
    retry: "observe-first",
  });
};

const outcomeOf = async (drive: Drive, one: Try, sighting: Exclude<Sighting, { is: "absent" }>): Promise<Outcome> => {
  switch (sighting.is) {
    case "done":
      return sighting.outcome;
    case "running":
      await drive.journal.record({ type: "step.ticketed", step: one.step.key, ticket: sighting.ticket });
      await pollToEnd(drive, one, sighting.ticket);
      return await seen(drive, one);
    case "ambiguous":
      throw failure(
        "conflict",
        `${one.step.title}: several objects match and none was touched: ${sighting.ids.join(", ")}. Remove or rename the wrong ones.`,
      );
    case "unknowable":
      throw failure("unavailable", `${one.step.title}: ${sighting.reason}`, { retry: "observe-first" });
  }
};

const pollToEnd = async (drive: Drive, { step, driver, info }: Try, first: Json): Promise<void> => {
  let ticket = first;
  for (;;) {
    const polled = await driver.poll(info, ticket);
    if (polled.is !== "running") return;
    if (polled.ticket !== undefined) {
      ticket = polled.ticket;
      await drive.journal.record({ type: "step.ticketed", step: step.key, ticket });
    }
    drive.journal.show({ type: "step.waiting", step: step.key, on: "poll" });
    await info.sleep(polled.againMs ?? pollMs);
  }
};

/** What the engine tells a handler about one try. */
export const attemptInfo = async (
  drive: Drive,
  step: Step,
  rest: { readonly attempt: number; readonly lane: Lane; readonly signal: AbortSignal; readonly frozen: boolean },
): Promise<Attempt> => {
  const { plan } = drive.index;
  return {
    ...rest,
    run: drive.run,
    key: step.key,
    tag: { store: drive.store.id, deployment: plan.deployment, run: drive.run },
    ...(plan.backup === undefined ? {} : { backup: { name: plan.backup.name, kind: plan.backup.kind } }),
    repository: folderOf(drive, step),
    input: { ...step.input, ...(await readsOf(drive, step)) },
    sleep: (ms) => drive.clock.sleep(ms, rest.signal),
    report: (progress) => drive.journal.show({ type: "step.progress", step: step.key, ...progress }),
  };
};

const folderOf = ({ repository, index: { plan }, store, run }: Drive, step: Step): RepositoryFolder => {
  const { name, kind } = plan.backup ?? { name: "", kind: "backup" };
  const tag = { store: store.id, deployment: plan.deployment, run };
  return repository.folder({ tag, backup: { name, kind }, instance: step.targets[0].instance });
};

const readsOf = async (drive: Drive, step: Step): Promise<JsonObject> => {
  const filled: Record<string, Json> = {};
  for (const [field, key] of Object.entries(step.reads)) {
    const end = (await drive.store.step(drive.run, key))?.end;
    if (end?.as === "succeeded") filled[field] = end.outcome.saved;
  }
  return filled;
};
