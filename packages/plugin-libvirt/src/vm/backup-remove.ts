import { failure, type Artefact, type Handler, type Input, type Target, type WritingContext } from "@quiesce/core";
import { orUndefined } from "../client/or-undefined.ts";
import type { Reader, Writer } from "../client/session.ts";
import type { Options } from "../options.ts";
import { backupArtefacts } from "./backup-record.ts";
import { deleteCheckpoints } from "./delete-checkpoints.ts";
import { assertOurCheckpoint, checkpointNameOf, findCheckpoint } from "./our-checkpoint.ts";

type Removing = WritingContext<Writer, Input<"backup.remove", Options>, Target<"vm">>;

/**
 * Removes the recorded files and the recorded checkpoint, and nothing else: a checkpoint of that name that does not carry our
 * tag is refused. Absent is removed. Each call may be repeated and looks by itself, so its end is the evidence.
 */
export const backupRemove: Handler<Reader, Writer, Input<"backup.remove", Options>, Target<"vm">> = {
  observe: async () => ({ is: "absent" }),
  act: async (c) => {
    const files = c.input.artefacts.filter((artefact) => isFile(artefact, c.target.providerId));
    const { domain, found } = await checkpointsOf(c);
    // A file that another one builds on is refused: then the checkpoint stays too.
    for (const { id } of files) await c.repository.remove(id);
    const notes = domain === undefined ? [] : await deleteCheckpoints(c, domain, found);
    return { next: "evidence", outcome: { artefacts: [], covered: c.target.covers, saved: {}, notes } };
  },
};

/** Whether an artefact is a file in the repository. Throws for one of another machine, or of another kind of set. */
const isFile = ({ kind, id, owner }: Artefact, machine: string): boolean => {
  if (owner === machine && kind === backupArtefacts.checkpoint && checkpointNameOf(id, machine) !== undefined)
    return false;
  if (owner === machine && files.has(kind)) return true;
  throw failure(
    "invalid",
    `The artefact ${id} (${kind} of ${owner}) is no backup of the machine ${machine}; nothing was touched.`,
  );
};

const files: ReadonlySet<string> = new Set([backupArtefacts.disk, backupArtefacts.definition, backupArtefacts.nvram]);

/** Those that are still there; a machine that is gone has none. Throws before anything is removed when one is not ours. */
const checkpointsOf = async (c: Removing) => {
  const { domains } = c.api.libvirt;
  const domain = await orUndefined(domains.byUuid(c.target.providerId, { signal: c.signal }), "no-domain");
  if (domain === undefined) return { domain, found: [] };
  const wanted = c.input.artefacts.flatMap(({ kind, id }) =>
    kind === backupArtefacts.checkpoint ? (checkpointNameOf(id, domain.uuid) ?? []) : [],
  );
  const looks = wanted.map((name) => findCheckpoint(c.api, domain, name, { signal: c.signal }));
  const found = (await Promise.all(looks)).filter((one) => one !== undefined);
  for (const one of found) assertOurCheckpoint(one, c.tag.store);
  return { domain, found };
};
