import { failure, type CaptureHandler, type Context, type Input, type Outcome, type Target } from "@quiesce/core";
import type { DomainRef } from "@quiesce/node-libvirt";
import { readDomain, type Domain } from "../api/domain.ts";
import { isSameTag } from "../api/mark.ts";
import { describe } from "../api/ownership.ts";
import { isActive, powerOf, type Power } from "../api/power.ts";
import { newSnapshotXml } from "../api/snapshot.ts";
import { volumePath } from "../api/volume-path.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { refusable } from "../client/refused.ts";
import type { Reader, Writer } from "../client/session.ts";
import { names } from "../names.ts";
import type { Options } from "../options.ts";
import { artefactOf, assertOurs, findSnapshot, hasSnapshot, type FoundSnapshot } from "./our-snapshot.ts";
import { assertIdle, isAt, pollJob } from "./busy.ts";
import { captureConsistency } from "./capture-consistency.ts";
import { deleteSnapshot } from "./delete-snapshot.ts";
import { untilQuiet } from "./quiet.ts";
import { snapshotLimits, writableDisks } from "./snapshot-limits.ts";

const job = "snapshot";

type Create<Api> = Context<Api, Input<"snapshot.create", Options>, Target<"vm">>;

/**
 * An internal snapshot of all writable disks, with the memory of an active machine. Its content is fixed when the call
 * returns, and nothing is to be moved afterwards. Found again by its name and by the tag in its description.
 */
export const snapshotCreate: CaptureHandler<Reader, Writer, Input<"snapshot.create", Options>, Target<"vm">> = {
  observe: async (c) => {
    const domain = await c.api.libvirt.domains.byUuid(c.target.providerId, { signal: c.signal });
    if (!(await hasSnapshot(c.api, domain, c.name(names), { signal: c.signal }))) return { is: "absent" };
    // libvirt lists a snapshot while it is still being made, and drops it again when that fails.
    if (await isAt(c, domain, job)) return { is: "running", ticket: { waits: job } };
    const settled = await ownFound(c, domain);
    return settled === undefined ? { is: "absent" } : { is: "done", outcome: await outcomeOf(c, settled) };
  },

  act: async (c) => {
    const { libvirt } = c.api;
    const domain = await libvirt.domains.byUuid(c.target.providerId, { signal: c.signal });
    const [definition, power] = await Promise.all([
      libvirt.domains.xml(domain, 0, { signal: c.signal }).then(readDomain),
      powerOf(libvirt, domain, { signal: c.signal }),
      assertIdle(c, domain),
    ]);
    assertPossible(c, definition, power);
    await assertCovers(c, definition);
    const xml = newSnapshotXml({
      name: c.name(names),
      description: describe(
        { tag: c.tag, domain: domain.uuid, consistency: captureConsistency(power, c.frozen, "memory") },
        `Part of the backup set ${c.backup?.name ?? "without a name"}`,
      ),
      memory: isActive(power),
      disks: writableDisks(definition).map(({ name }) => name),
      leftOut: definition.disks.filter(({ readonly }) => readonly).map(({ name }) => name),
    });
    try {
      await refusable(() => libvirt.snapshots.create(domain, xml, 0, { signal: c.signal, timeoutMs: Infinity }));
    } catch (thrown) {
      // A call of ours whose reply was lost may have come true only now: a look tells whose it is.
      if (!(await hasSnapshot(c.api, domain, c.name(names), { signal: c.signal }))) throw thrown;
    }
    return { next: "observe" };
  },

  poll: (c) => pollJob(c, job),

  discard: async (c) => {
    const domain = await orUndefined(
      c.api.libvirt.domains.byUuid(c.target.providerId, { signal: c.signal }),
      "no-domain",
    );
    if (domain === undefined) return;
    // What is still being made is listed already, and cannot be deleted; a call that nobody heard of may come true now.
    await untilQuiet(
      c,
      [domain],
      async () => (await ownFound(c, domain)) !== undefined && !(await isAt(c, domain, job)),
    );
    const found = await ownFound(c, domain);
    if (found !== undefined) await deleteSnapshot(c, found);
  },

  complete: async (c) => {
    const domain = await c.api.libvirt.domains.byUuid(c.target.providerId, { signal: c.signal });
    if ((await ownFound(c, domain)) !== undefined) return;
    throw failure(
      "conflict",
      `The snapshot ${c.name(names)} of ${domain.name} was taken and is gone: somebody removed it.`,
    );
  },
};

/** What we made ourselves under this step's name. Throws when the name belongs to anything else. */
const ownFound = async (c: Create<Reader>, domain: DomainRef): Promise<FoundSnapshot | undefined> => {
  const found = await findSnapshot(c.api, domain, c.name(names), { signal: c.signal });
  if (found === undefined) return undefined;
  const { tag } = assertOurs(found, c.tag.store);
  if (isSameTag(tag, c.tag)) return found;
  throw failure(
    "conflict",
    `The snapshot ${found.snapshot.name} of ${domain.name} was made by the run ${tag.run} of ${tag.deployment}; it was not touched.`,
  );
};

const outcomeOf = async (c: Create<Reader>, found: FoundSnapshot): Promise<Outcome> => {
  const { snapshot, ownership } = found;
  const disks = await Promise.all(
    snapshot.inside.map(async ({ name, source }) => ({
      name,
      volume: (await volumePath(c.api.libvirt, source, { signal: c.signal })) ?? null,
    })),
  );
  const consistency = ownership?.consistency ?? "crash";
  const { state, memory, createdAt } = snapshot;
  return {
    artefacts: [artefactOf(found)],
    consistency,
    covered: disks.flatMap(({ volume }) => (volume === null ? [] : [volume])),
    saved: { state, consistency, memory, createdAt, disks },
  };
};

const assertPossible = (c: Create<Writer>, domain: Domain, power: Power): void => {
  if (power === "changing") {
    throw failure("unavailable", `libvirt is moving ${domain.name} to another state.`, { retry: "later" });
  }
  const [limit] = snapshotLimits(domain, power);
  if (limit !== undefined) throw failure("invalid", `No snapshot of ${domain.name}: ${limit.reason} ${limit.fix}`);
  if (power === "running" && !c.input.memory) {
    throw failure(
      "invalid",
      `No snapshot of ${domain.name} without its memory: an internal snapshot of a running machine always holds it. ` +
        "Leave the memory in, or shut the machine down first.",
    );
  }
};

const assertCovers = async (c: Create<Writer>, domain: Domain): Promise<void> => {
  const options = { signal: c.signal };
  const paths = await Promise.all(
    writableDisks(domain).map(({ source }) => volumePath(c.api.libvirt, source, options)),
  );
  const missing = c.target.covers.filter((volume) => !paths.includes(volume));
  if (missing.length === 0) return;
  throw failure(
    "conflict",
    `A snapshot of ${domain.name} would not hold ${missing.join(", ")}, which the plan counts on: the disks changed. Make the plan again.`,
  );
};
