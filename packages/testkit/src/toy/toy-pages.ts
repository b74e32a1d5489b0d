import { failure } from "@quiesce/core";
import type { ToyCloud, ToySnapshot } from "./toy-cloud.ts";

/** All snapshots of a machine. A list that does not come to its end tells nothing, and is no list. */
export const snapshotsOf = async (api: ToyCloud, vm: string, signal: AbortSignal): Promise<readonly ToySnapshot[]> => {
  const all: ToySnapshot[] = [];
  const seen = new Set<number>();
  for (let marker = 0; ;) {
    const { items, next } = await api.list(vm, marker, signal);
    all.push(...items);
    if (next === undefined) return all;
    if (seen.has(next)) throw failure("protocol", `The list of the snapshots of ${vm} repeats its page ${next}.`);
    seen.add(next);
    marker = next;
  }
};
