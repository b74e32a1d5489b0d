import { failure } from "@quiesce/core";
import type { DomainRef } from "@quiesce/node-libvirt";
import { orUndefined } from "../client/or-undefined.ts";
import { names } from "../names.ts";
import type { Backing } from "./backup-context.ts";
import { endJob } from "./backup-end.ts";
import { ownJob } from "./backup-job.ts";
import { removeScratch } from "./backup-scratch.ts";
import { deleteCheckpoints } from "./delete-checkpoints.ts";
import { assertCheckpointOfRun, findCheckpoint } from "./our-checkpoint.ts";
import { untilQuiet } from "./quiet.ts";
import { removeStandIn, standInOf } from "./stand-in.ts";
import { layDown } from "./wake.ts";

/**
 * Gives back what a backup holds: its job, its scratch files, the machine that was woken or stood in. All of it is found by
 * name, whatever the journal knows of it. A set that is not whole loses its checkpoint and its files too.
 */
export const releaseBackup = async (c: Backing, { whole }: { readonly whole: boolean }): Promise<void> => {
  const domain = await orUndefined(
    c.api.libvirt.domains.byUuid(c.target.providerId, { signal: c.signal }),
    "no-domain",
  );
  const hosts = [domain, await standInOf(c)].filter((host) => host !== undefined);
  if (whole) await endAll(c, hosts);
  // Where there is nothing to end, a begin that nobody heard of may come true only now.
  else await untilQuiet(c, hosts, () => endAll(c, hosts));
  if (!whole && domain !== undefined) await dropCheckpoint(c, domain);
  await removeStandIn(c);
  if (domain !== undefined) await layDown(c, domain);
  await removeScratch(c);
  if (!whole) await c.repository.clear();
  await assertReleased(c, hosts);
};

const endAll = async (c: Backing, hosts: readonly DomainRef[]): Promise<boolean> =>
  (await Promise.all(hosts.map((host) => endJob(c, host)))).includes("ended");

/** One that this run made: its name is this run's. */
const dropCheckpoint = async (c: Backing, domain: DomainRef): Promise<void> => {
  const found = await findCheckpoint(c.api, domain, c.name(names), { signal: c.signal });
  if (found === undefined) return;
  assertCheckpointOfRun(found, c.tag);
  await deleteCheckpoints(c, domain, [found]);
};

const assertReleased = async (c: Backing, hosts: readonly DomainRef[]): Promise<void> => {
  const held = await Promise.all(hosts.map((host) => ownJob(c, host)));
  if (held.every((job) => job === undefined)) return;
  throw failure("unavailable", `The backup job of ${hosts[0]?.name ?? ""} is still there after it was ended.`, {
    retry: "later",
  });
};
