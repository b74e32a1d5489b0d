import type { Context, Handler, Input, Target } from "@quiesce/core";
import type { DomainRef } from "@quiesce/node-libvirt";
import { orUndefined } from "../client/or-undefined.ts";
import type { Reader, Writer } from "../client/session.ts";
import type { Options } from "../options.ts";
import { isAt, pollJob } from "./busy.ts";
import { deleteSnapshot } from "./delete-snapshot.ts";
import { assertOurs, findSnapshot, snapshotNameOf, type FoundSnapshot } from "./our-snapshot.ts";

const job = "snapshot-delete";

type Remove<Api> = Context<Api, Input<"snapshot.remove", Options>, Target<"vm">>;

/**
 * Deletes the recorded snapshots and nothing else: children stay and move up to the parent, and a snapshot of that name
 * that does not carry our tag is refused. Absent is removed, and so are the snapshots of a machine that is gone.
 */
export const snapshotRemove: Handler<Reader, Writer, Input<"snapshot.remove", Options>, Target<"vm">> = {
  observe: async (c) => {
    const domain = await domainOf(c);
    if (domain === undefined || (await present(c, domain)).length === 0)
      return { is: "done", outcome: { artefacts: [], covered: c.target.covers, saved: {} } };
    return (await isAt(c, domain, job)) ? { is: "running", ticket: { waits: job } } : { is: "absent" };
  },

  act: async (c) => {
    const domain = await domainOf(c);
    if (domain === undefined) return { next: "observe" };
    for (const found of await present(c, domain)) {
      assertOurs(found, c.tag.store);
      await deleteSnapshot(c, found);
    }
    return { next: "observe" };
  },

  poll: (c) => pollJob(c, job),
};

const domainOf = ({ api, target, signal }: Remove<Reader>): Promise<DomainRef | undefined> =>
  orUndefined(api.libvirt.domains.byUuid(target.providerId, { signal }), "no-domain");

const present = async (c: Remove<Reader>, domain: DomainRef): Promise<readonly FoundSnapshot[]> => {
  const wanted = c.input.artefacts.map((artefact) => snapshotNameOf(artefact, domain.uuid));
  const found = await Promise.all(wanted.map((name) => findSnapshot(c.api, domain, name, { signal: c.signal })));
  return found.flatMap((one) => one ?? []);
};
