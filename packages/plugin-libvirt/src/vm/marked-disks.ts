import { checkpointXmlFlags, type DomainRef } from "@quiesce/node-libvirt";
import { readCheckpoint } from "../api/checkpoint.ts";
import { orUndefined } from "../client/or-undefined.ts";
import type { Reader } from "../client/session.ts";

/** Whether QEMU knows what changed on a disk since a checkpoint. */
export type Mark = "known" | "lost";

const sizeOnly = checkpointXmlFlags.noDomain | checkpointXmlFlags.size;

/** Of each disk that a checkpoint marks, by name; undefined when there is no such checkpoint. The domain must run. */
export const markedDisks = async (
  { api, signal }: { readonly api: Pick<Reader, "libvirt">; readonly signal?: AbortSignal | undefined },
  domain: DomainRef,
  checkpoint: string,
): Promise<ReadonlyMap<string, Mark> | undefined> => {
  const { checkpoints } = api.libvirt;
  const options = signal === undefined ? {} : { signal };
  const xml = await orUndefined(checkpoints.xml({ name: checkpoint, domain }, sizeOnly, options), "no-checkpoint");
  if (xml === undefined) return undefined;
  return new Map(
    readCheckpoint(xml).disks.map(({ name, changedBytes }) => [name, changedBytes === undefined ? "lost" : "known"]),
  );
};
