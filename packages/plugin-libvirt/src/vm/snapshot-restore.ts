import { failure, type Context, type Handler, type Input, type Target } from "@quiesce/core";
import { snapshotCreateFlags, snapshotXmlFlags, type DomainRef } from "@quiesce/node-libvirt";
import { readDomain } from "../api/domain.ts";
import { readMark, restoredMark, type MarkFields } from "../api/mark.ts";
import { isActive, powerOf } from "../api/power.ts";
import { withMark } from "../api/redefinition.ts";
import { volumePath } from "../api/volume-path.ts";
import { isAgentAbsent } from "../client/agent-absent.ts";
import { refusable } from "../client/refused.ts";
import type { Reader, Writer } from "../client/session.ts";
import type { Options } from "../options.ts";
import { assertIdle, isAt, pollJob } from "./busy.ts";
import { checkpointReason } from "./checkpoints.ts";
import { deleteCheckpoints } from "./delete-checkpoints.ts";
import { foreignOf } from "./foreign-checkpoints.ts";
import { changedDisks } from "./changed-disks.ts";
import { setGuestClock } from "./guest-clock.ts";
import { listCheckpoints, type FoundCheckpoint } from "./our-checkpoint.ts";
import { assertOurs, findSnapshot, snapshotNameOf, type FoundSnapshot } from "./our-snapshot.ts";

const job = "snapshot-revert";

type Restore<Api> = Context<Api, Input<"snapshot.restore", Options>, Target<"vm">>;

/**
 * Puts a machine back to its snapshot, in place, with the power state of that time. libvirt brings the definition back
 * together with the content, so this run's mark is first written into the definition inside the snapshot: the machine
 * carries the mark exactly when this run's revert was done, whatever reply was lost. Another run reverts again.
 */
export const snapshotRestore: Handler<Reader, Writer, Input<"snapshot.restore", Options>, Target<"vm">> = {
  observe: async (c) => {
    const { libvirt } = c.api;
    const domain = await libvirt.domains.byUuid(c.target.providerId, { signal: c.signal });
    if (await isAt(c, domain, job)) return { is: "running", ticket: { waits: job } };
    const name = nameOf(c);
    const mark = await readMark(libvirt, domain, restoredMark, { signal: c.signal });
    if (!isSame(mark, markOf(c, name))) return { is: "absent" };
    const found = await foundOurs(c, domain, name);
    const power = await powerOf(libvirt, domain, { signal: c.signal });
    // The definition came back and QEMU did not: the revert broke half-way.
    if (found.snapshot.state !== "shutoff" && !isActive(power)) return { is: "absent" };
    const paths = await Promise.all(
      found.snapshot.inside.map(({ source }) => volumePath(libvirt, source, { signal: c.signal })),
    );
    const covered = paths.flatMap((path) => path ?? []);
    return { is: "done", outcome: { artefacts: [], covered, saved: { state: power, snapshot: name } } };
  },

  act: async (c) => {
    const { libvirt } = c.api;
    const domain = await libvirt.domains.byUuid(c.target.providerId, { signal: c.signal });
    const found = await foundOurs(c, domain, nameOf(c));
    await assertIdle(c, domain);
    const checkpoints = await ownCheckpoints(c, domain);
    await assertSameDisks(c, domain, found);
    // A managed save image holds the memory that goes with the disks of now. libvirt leaves it there, and a later start
    // would put that memory on top of the restored disks.
    if ((await powerOf(libvirt, domain, { signal: c.signal })) === "saved")
      await libvirt.domains.removeManagedSave(domain, { signal: c.signal });
    // QEMU dies of a revert while a bitmap is on a disk. The next backup is a full one and says why.
    await deleteCheckpoints(c, domain, checkpoints);
    await markInside(c, domain, found);
    await refusable(() => libvirt.snapshots.revert(found.ref, 0, { signal: c.signal, timeoutMs: Infinity }));
    if (found.ownership?.consistency === "memory") await correctClock(c, domain);
    return { next: "observe" };
  },

  poll: (c) => pollJob(c, job),
};

const nameOf = ({ input, target }: Restore<Reader>): string => {
  if (input.as.place !== "in-place")
    throw failure("invalid", "A snapshot lies inside its own machine's disks, so it is restored in place only.");
  const [artefact, ...others] = input.from;
  if (artefact !== undefined && others.length === 0) return snapshotNameOf(artefact, target.providerId);
  throw failure(
    "invalid",
    `A restore of ${target.providerId} needs exactly one snapshot; the set names ${input.from.length}.`,
  );
};

const markOf = ({ tag }: Restore<Reader>, snapshot: string): MarkFields => ({
  store: tag.store,
  run: tag.run,
  snapshot,
});

const isSame = (mark: MarkFields | undefined, wanted: MarkFields): boolean =>
  Object.entries(wanted).every(([name, value]) => mark?.[name] === value);

const foundOurs = async (c: Restore<Reader>, domain: DomainRef, name: string): Promise<FoundSnapshot> => {
  const found = await findSnapshot(c.api, domain, name, { signal: c.signal });
  if (found === undefined)
    throw failure("not-found", `The snapshot ${name} of ${domain.name} does not exist any more.`);
  assertOurs(found, c.tag.store);
  return found;
};

/** Those of this store, which may go. Throws when others' are there: they are not ours to delete. */
const ownCheckpoints = async (c: Restore<Writer>, domain: DomainRef): Promise<readonly FoundCheckpoint[]> => {
  const found = await listCheckpoints(c.api, domain, { signal: c.signal });
  const foreign = foreignOf(found, c.tag.store);
  if (foreign.length === 0) return found;
  throw failure("conflict", `Not reverted: ${checkpointReason(foreign.map(({ ref }) => ref))}`);
};

const assertSameDisks = async (c: Restore<Writer>, domain: DomainRef, { snapshot }: FoundSnapshot): Promise<void> => {
  if (snapshot.domain === undefined)
    throw failure(
      "invalid",
      `The snapshot ${snapshot.name} holds no definition of ${domain.name}, so its disks are not known.`,
    );
  const now = readDomain(await c.api.libvirt.domains.xml(domain, 0, { signal: c.signal }));
  const changes = changedDisks(snapshot.domain.disks, now.disks);
  if (changes.length === 0) return;
  throw failure(
    "conflict",
    `Not reverted: the disks of ${domain.name} are not those of the snapshot: ${changes.join("; ")}. Attach the same disks again, then restore.`,
  );
};

/** `secure`: without it the definition would lose its passwords. */
const markInside = async (c: Restore<Writer>, domain: DomainRef, { ref, snapshot }: FoundSnapshot): Promise<void> => {
  const { snapshots } = c.api.libvirt;
  const xml = await snapshots.xml(ref, snapshotXmlFlags.secure, { signal: c.signal });
  const marked = withMark(xml, restoredMark, markOf(c, snapshot.name));
  await snapshots.create(domain, marked, snapshotCreateFlags.redefine, { signal: c.signal });
};

const agentTries = 20;

/** A memory image brings its old clock along. There is no thaw to set it, so it is done here, as well as the agent allows. */
const correctClock = async (c: Restore<Writer>, domain: DomainRef): Promise<void> => {
  for (let tries = 0; tries < agentTries; tries += 1) {
    try {
      await c.api.guest.freezeStatus(domain, { signal: c.signal });
      await setGuestClock(c.api, domain, c.signal);
      return;
    } catch (thrown) {
      if (!isAgentAbsent(thrown)) return;
      await c.sleep(250);
    }
  }
};
