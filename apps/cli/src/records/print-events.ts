import { setTimeout as sleep } from "node:timers/promises";
import { indexPlan, type RunId } from "@quiesce/core";
import type { StateStore } from "../compose/state-store.ts";
import { withStoreIfAny } from "../compose/with-store.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { eventLine } from "../reporters/event-line.ts";
import { eventDocument } from "../reporters/ndjson.ts";
import { plainLine } from "../reporters/plain.ts";
import { findRun, noRuns } from "./find-run.ts";

const everyMs = 500;

/** Prints a run's journal; `follow` goes on until the run has ended. */
export const printEvents = async (wanted: string | undefined, follow: boolean, invocation: Invocation): Promise<void> =>
  await withStoreIfAny(
    invocation,
    () => Promise.reject<void>(noRuns()),
    async (store) => {
      const { run } = await findRun(store, wanted);
      await print(store, run, follow, invocation);
    },
  );

const print = async (store: StateStore, run: RunId, follow: boolean, { output }: Invocation): Promise<void> => {
  const loaded = await store.load(run);
  if (loaded === undefined) throw noRuns();
  const index = indexPlan(loaded.plan);
  const one = output.settings.format === "json";
  const all: object[] = [];
  for (let from = 0, settled = false; !settled;) {
    const events = await store.events(run, from);
    for (const event of events) {
      const line = eventLine(event, index);
      if (line !== undefined) output.result(plainLine(line, index.plan.deployment));
      if (one) all.push(eventDocument(event));
      else output.document(eventDocument(event));
    }
    from += events.length;
    settled = !follow || events.some(({ type }) => type === "run.settled");
    if (!settled) await sleep(everyMs);
  }
  if (one) output.document({ schema: "quiesce.events/1", run, events: all });
};
