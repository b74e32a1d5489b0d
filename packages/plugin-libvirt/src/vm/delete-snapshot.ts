import type { Writer } from "../client/session.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { assertIdle } from "./busy.ts";
import type { FoundSnapshot } from "./our-snapshot.ts";

/** Deletes a snapshot of a machine that no job holds. One that is gone by then, by a call of a process that died, is deleted. */
export const deleteSnapshot = async (
  { api, signal }: { readonly api: Writer; readonly signal: AbortSignal },
  { ref }: FoundSnapshot,
): Promise<void> => {
  await assertIdle({ api, signal }, ref.domain);
  await orUndefined(api.libvirt.snapshots.delete(ref, 0, { signal, timeoutMs: Infinity }), "no-snapshot");
};
