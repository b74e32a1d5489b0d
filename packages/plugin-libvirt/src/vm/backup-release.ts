import { failure } from "@quiesce/core";
import { type DomainRef } from "@quiesce/node-libvirt";
import { readDomain } from "../api/domain.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { names } from "../names.ts";
import type { Backing } from "./backup-context.ts";
import { endJob } from "./backup-end.ts";
import { ownJob } from "./backup-job.ts";
import { definitionFile } from "./backup-prepare.ts";
import { nvramFile } from "./backup-nvram.ts";
import { removeScratch } from "./backup-scratch.ts";
import { deleteCheckpoint } from "./delete-checkpoints.ts";
import { assertOurCheckpoint, findCheckpoint } from "./our-checkpoint.ts";
import { removeStandIn, standInOf } from "./stand-in.ts";
import { layDown, wake } from "./wake.ts";

/** As long as libvirt may take for a begin whose reply was lost. */
const settleMs = 1000;

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
  const ended = await Promise.all(hosts.map((host) => endJob(c, host)));
  if (!whole && !ended.includes("ended")) {
    // A begin whose reply was lost may only now be done.
    await c.sleep(settleMs);
    await Promise.all(hosts.map((host) => endJob(c, host)));
  }
  if (!whole && domain !== undefined) await dropCheckpoint(c, domain);
  await removeStandIn(c);
  if (domain !== undefined) await layDown(c, domain);
  await removeScratch(c);
  if (!whole) await dropFiles(c, domain);
  await assertReleased(c, hosts);
};

/** One that this run made: its name is this run's. A machine that is off again is woken for it, so that the bitmap goes too. */
const dropCheckpoint = async (c: Backing, domain: DomainRef): Promise<void> => {
  const found = await findCheckpoint(c.api, domain, c.name(names), { signal: c.signal });
  if (found === undefined) return;
  assertOurCheckpoint(found, c.tag.store);
  if (!(await c.api.libvirt.domains.isActive(domain, { signal: c.signal }))) await wake(c, domain);
  await deleteCheckpoint(c, found);
};

const dropFiles = async (c: Backing, domain: DomainRef | undefined): Promise<void> => {
  const xml = domain && (await orUndefined(c.api.libvirt.domains.xml(domain, 0, { signal: c.signal }), "no-domain"));
  const disks = xml === undefined ? [] : readDomain(xml).disks.map(({ name }) => name);
  for (const name of [...disks, nvramFile, definitionFile]) {
    const file = await c.repository.find(name);
    if (file !== undefined) await c.repository.remove(file.id);
  }
};

const assertReleased = async (c: Backing, hosts: readonly DomainRef[]): Promise<void> => {
  const held = await Promise.all(hosts.map((host) => ownJob(c, host)));
  if (held.every((job) => job === undefined)) return;
  throw failure("unavailable", `The backup job of ${hosts[0]?.name ?? ""} is still there after it was ended.`, {
    retry: "later",
  });
};
