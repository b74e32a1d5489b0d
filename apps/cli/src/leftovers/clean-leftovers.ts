import { exitCodes, isProviderFailure, QuiesceError } from "@quiesce/core";
import type { Invocation } from "../invocation/invocation.ts";
import { askYesNo } from "../input/ask-yes-no.ts";
import { chooseLeftovers } from "./choose-leftovers.ts";
import { gather, type Gathered, type Scope } from "./gather.ts";
import { leftoverDocument } from "./leftover-document.ts";
import { tellUnlooked } from "./list-leftovers.ts";
import type { Listed } from "./listed.ts";
import { leftoversOf, type Leftover } from "./verdict.ts";

/** Removes what is left over, or what of it the ids name. Nothing at all when one place could not be looked at. */
export const cleanLeftovers = async (
  ids: readonly string[],
  scope: Omit<Scope, "allStores">,
  yes: boolean,
  invocation: Invocation,
): Promise<number> =>
  await gather(
    // To say whose it is, when an id names another store's.
    { ...scope, allStores: ids.length > 0 },
    invocation,
    () => tell([], invocation),
    async (gathered) => {
      refuseHalfLists(gathered, invocation);
      const { leftovers, signal } = gathered;
      const chosen = ids.length === 0 ? leftovers : chooseLeftovers(ids, leftovers);
      const named = ids.length > 0;
      const going = chosen.filter((one) => isCleanable(one, named));
      if (named) refuseOthers(chosen.filter((one) => !isCleanable(one, named)));
      await confirm(going, yes, invocation);
      signal.throwIfAborted();
      const cleaned: Cleaned[] = [];
      for (const one of going)
        cleaned.push(signal.aborted ? { one, left: "stopped" } : await clean(one, named, gathered));
      const left = chosen.filter((one) => !going.includes(one)).map((one) => ({ one, left: one.reason }));
      return tell([...cleaned, ...left], invocation);
    },
  );

interface Cleaned {
  readonly one: Leftover;
  /** Why it is still there; absent: it is gone. */
  readonly left?: string;
}

/** By half a list it cannot be told what is left over: what is missing in it may name the rest. */
const refuseHalfLists = ({ unlooked }: Gathered, { output }: Invocation): void => {
  if (unlooked.length === 0) return;
  tellUnlooked(unlooked, output);
  throw new QuiesceError("unreachable", "Not every place could be looked at to the end, so nothing was removed.", {
    hint: "Bring it back, or look at one deployment only: --deployment NAME",
  });
};

/** What another copy of this store may know goes only when it is named. */
const isCleanable = ({ verdict, listed }: Leftover, named: boolean): boolean =>
  (verdict === "left-over" || (named && verdict === "unknown-run")) &&
  !(listed.at === "repository" && listed.whole !== undefined);

const refuseOthers = (others: readonly Leftover[]): void => {
  const [first] = others;
  if (first === undefined) return;
  const { listed, reason, verdict } = first;
  const why =
    verdict === "left-over" || verdict === "unknown-run"
      ? `it is a whole set; take it into the catalogue and remove it then: quiesce leftovers adopt ${listed.id}`
      : reason;
  throw new QuiesceError("refused", `${listed.kind} ${listed.id} is not removed: ${why}. Nothing was removed.`);
};

const confirm = async (
  going: readonly Leftover[],
  yes: boolean,
  { output, interactive }: Invocation,
): Promise<void> => {
  if (going.length === 0) return;
  const list = going.map(({ listed, reason }) => `  ${listed.kind} ${listed.id} at ${listed.place}: ${reason}`);
  output.warn([`This removes ${going.length} leftover(s) for good:`, ...list].join("\n"));
  if (yes) return;
  if (!interactive)
    throw new QuiesceError("unconfirmed", "Nobody can be asked here, so nothing was removed.", {
      hint: "Add --yes when that is meant.",
    });
  if (!(await askYesNo("Remove them?"))) throw new QuiesceError("unconfirmed", "Not confirmed; nothing was removed.");
};

/** Looks at the store once more: a set may have taken it in, or a run begun on its machine, while somebody was asked. */
const clean = async (one: Leftover, named: boolean, { store, signal }: Gathered): Promise<Cleaned> => {
  const [now] = await leftoversOf([one.listed], store, Date.now());
  if (now === undefined) return { one, left: "something names it by now" };
  if (!isCleanable(now, named)) return { one, left: now.reason };
  try {
    await remove(one.listed, signal);
    return { one };
  } catch (thrown) {
    if (!isProviderFailure(thrown)) throw thrown;
    return { one, left: thrown.message };
  }
};

const remove = async (listed: Listed, signal: AbortSignal): Promise<void> => {
  if (listed.at === "provider") await listed.discard(signal);
  else await listed.repository.dropUnfinished({ at: listed.id, owner: listed.tag }, signal);
};

const tell = (all: readonly Cleaned[], { output }: Invocation): number => {
  const left = all.filter((one) => one.left !== undefined);
  const gone = all.filter((one) => one.left === undefined);
  output.document({
    schema: "quiesce.cleaning/1",
    removed: gone.map(({ one }) => leftoverDocument(one)),
    left: left.map(({ one, left: why }) => ({ ...leftoverDocument(one), reason: why })),
  });
  output.result(
    [
      all.length === 0 ? "Nothing is left over." : `${gone.length} of ${all.length} leftover(s) removed.`,
      ...left.map(({ one, left: why }) => `  left: ${one.listed.kind} ${one.listed.id}: ${why}`),
    ].join("\n"),
  );
  return left.length === 0 ? exitCodes.done : exitCodes.leftovers;
};
