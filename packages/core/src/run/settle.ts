import type { ProviderError } from "../error/provider-error.ts";
import { isSome } from "../model/some.ts";
import type { Leftover } from "../event/event.ts";
import type { Drive } from "./drive.ts";
import { keepManifest } from "./kept-manifest.ts";
import { statusOf, summarize, type RunSummary } from "./summary.ts";
import { sweep } from "./sweep.ts";
import { takeBack } from "./take-back.ts";

/** How a run comes to its end. */
export interface Settling {
  /** What is done before: all steps, or nothing. Gives the error that no step had. */
  readonly work: () => Promise<ProviderError | undefined>;
  /** Take back what was done: never, in any case, or unless all went well. */
  readonly takeBack: "never" | "always" | "unless-well";
  /** A process died in it: anything may be there that no outcome names. */
  readonly recovered: boolean;
  /** False when another process took the run over. */
  readonly isOurs: () => Promise<boolean>;
}

/** Work, payments, taking back, the sweep, the set's manifest, and last of all the status. */
export const settle = async (drive: Drive, settling: Settling): Promise<RunSummary> => {
  const { error, leftovers = [] } = await workThrough(drive, settling);
  const status = error === undefined ? statusOf(drive.index, await drive.store.state(drive.run)) : "failed";
  await drive.journal.record({
    type: "run.settled",
    status,
    ...(error === undefined ? {} : { error }),
    ...(isSome(leftovers) ? { leftovers } : {}),
  });
  return summarize(drive.index, drive.run, await drive.store.state(drive.run));
};

interface Worked {
  readonly error?: ProviderError | undefined;
  readonly leftovers?: readonly Leftover[];
}

const workThrough = async (drive: Drive, settling: Settling): Promise<Worked> => {
  let error: ProviderError | undefined;
  try {
    error = await settling.work();
  } finally {
    // Whatever ended the work, a bug too: what is still owed is paid before the run is over.
    await drive.cashier.payRest();
  }
  // Who took the run over brings it to its end; here the journal refuses it.
  if (!(await settling.isOurs())) return { error };
  const stuck = (await mustTakeBack(drive, settling, error)) ? await undo(drive) : [];
  const leftovers = await sweep(drive, settling.recovered);
  const unkept = await keepManifest(drive, statusOf(drive.index, await drive.store.state(drive.run)));
  return { error: error ?? stuck[0] ?? unkept, leftovers };
};

const undo = async (drive: Drive): Promise<readonly ProviderError[]> => {
  await drive.journal.record({ type: "run.undoing" });
  return await takeBack(drive);
};

const mustTakeBack = async (
  drive: Drive,
  { takeBack: when }: Settling,
  error: ProviderError | undefined,
): Promise<boolean> => {
  if (when !== "unless-well") return when === "always";
  return error !== undefined || statusOf(drive.index, await drive.store.state(drive.run)) !== "succeeded";
};
