import { failure, type OwnedArtefact } from "@quiesce/core";
import type { DomainRef } from "@quiesce/node-libvirt";
import type { Writer } from "./client/session.ts";
import { orUndefined } from "./client/or-undefined.ts";
import { deleteCheckpoints } from "./vm/delete-checkpoints.ts";
import { assertOurCheckpoint, findCheckpoint } from "./vm/our-checkpoint.ts";
import { assertOurs, findSnapshot } from "./vm/our-snapshot.ts";

/** Removes one object that `owned` showed, after another look at its tag. */
export const discard = async (api: Writer, artefact: OwnedArtefact, signal: AbortSignal): Promise<void> => {
  const options = { signal };
  const domain = await orUndefined(api.libvirt.domains.byUuid(artefact.owner, options), "no-domain");
  if (domain === undefined) return;
  const found = await snapshotOrCheckpoint(api, domain, artefact, signal);
  await found?.();
};

const snapshotOrCheckpoint = async (
  api: Writer,
  domain: DomainRef,
  { kind, name, tag }: OwnedArtefact,
  signal: AbortSignal,
): Promise<(() => Promise<unknown>) | undefined> => {
  const options = { signal };
  if (kind === "domain-snapshot") {
    const found = await findSnapshot(api, domain, name, options);
    if (found === undefined) return undefined;
    assertSameRun(assertOurs(found, tag.store).tag, tag, name);
    return () => api.libvirt.snapshots.delete(found.ref, 0, { signal, timeoutMs: Infinity });
  }
  const found = await findCheckpoint(api, domain, name, options);
  if (found === undefined) return undefined;
  assertSameRun(assertOurCheckpoint(found, tag.store).tag, tag, name);
  return () => deleteCheckpoints({ api, tag, signal }, domain, [found]);
};

const assertSameRun = (now: OwnedArtefact["tag"], then: OwnedArtefact["tag"], name: string): void => {
  if (now.run === then.run && now.deployment === then.deployment) return;
  throw failure("conflict", `${name} belongs to the run ${now.run} of ${now.deployment} by now; it was not touched.`);
};
