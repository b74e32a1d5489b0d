import type { Survey } from "@quiesce/core";
import type { CallOptions, DomainRef } from "@quiesce/node-libvirt";
import { readMark, restoredMark, undoneMark } from "../api/mark.ts";
import { isActive, type Power } from "../api/power.ts";
import type { Domain } from "../api/domain.ts";
import type { Reader } from "../client/session.ts";
import { backedUpDisks, isTracked } from "../vm/backup-disks.ts";
import { markedDisks } from "../vm/marked-disks.ts";
import { checkpointId, isOurs, type FoundCheckpoint } from "../vm/our-checkpoint.ts";

/** From where an increment can start, and why there is no such point where one could be expected. */
export type Tracking = Required<Pick<Survey, "bases">> & Pick<Survey, "noIncrement">;

interface Known {
  readonly ref: DomainRef;
  readonly domain: Domain;
  readonly power: Power;
  readonly persistent: boolean;
  readonly job: string | undefined;
  /** Newest first. */
  readonly checkpoints: readonly FoundCheckpoint[];
}

/** Checkpoints of ours with at least one disk whose changes are known, newest first. */
export const trackingOf = async (read: Reader, known: Known, options: CallOptions): Promise<Tracking> => {
  const { ref, domain, power, persistent, job, checkpoints } = known;
  if (!persistent) return none("the machine is transient, and libvirt forgets its checkpoints when it stops");
  if (power === "saved") return none("the machine is saved, and another machine reads its disks");
  if (!backedUpDisks(domain).some(isTracked))
    return none("none of its disks is qcow2, which alone keeps track of changes");
  const ours = checkpoints.filter((one) => isOurs(one, one.ownership?.tag.store ?? ""));
  // A machine that is off is woken for its backup, and only then tells.
  const tells = isActive(power) && job === undefined;
  const usable = tells ? await knownAmong(read, ref, ours, options) : ours;
  const bases = usable.map(({ checkpoint }) => checkpointId(ref.uuid, checkpoint.name));
  if (bases.length > 0) return { bases };
  if (ours.length > 0) return none("its lists of changes are lost, as after a crash of QEMU");
  if ((await readMark(read.libvirt, ref, undoneMark, options)) !== undefined)
    return none("a restore of it was taken back since its last backup");
  const restored = await readMark(read.libvirt, ref, restoredMark, options);
  return restored === undefined ? { bases } : none("it was restored in place since its last backup");
};

const none = (noIncrement: string): Tracking => ({ bases: [], noIncrement });

const knownAmong = async (
  api: Reader,
  ref: DomainRef,
  ours: readonly FoundCheckpoint[],
  { signal }: CallOptions,
): Promise<readonly FoundCheckpoint[]> => {
  const looks = ours.map(async (one) => ({
    one,
    marked: await markedDisks({ api, signal }, ref, one.checkpoint.name),
  }));
  return (await Promise.all(looks)).flatMap(({ one, marked }) =>
    [...(marked?.values() ?? [])].includes("known") ? [one] : [],
  );
};
