import type { InstanceId, Restriction, Surveyed, Target } from "@quiesce/core";
import type { CallOptions, VolumeRef } from "@quiesce/node-libvirt";
import { pathInPool } from "../api/volume-path.ts";
import type { Reader } from "../client/session.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { fingerprint } from "./fingerprint.ts";
import type { Listed } from "./inventory.ts";
import { unsurveyed } from "./unsurveyed.ts";

/** A volume by `pool/name` or by its path, which also serves for a disk file that lies in no pool. */
export const surveyVolume = async (
  read: Reader,
  target: Target<"volume">,
  inventory: () => Promise<readonly Listed[]>,
  options: CallOptions,
): Promise<Surveyed> => {
  const path = await pathOf(read, target.providerId, options);
  const users = (await inventory()).filter(({ paths }) => path !== undefined && [...paths.values()].includes(path));
  const known = path === undefined ? undefined : await volumeAt(read, path, options);
  if (path === undefined || (known === undefined && users.length === 0))
    return unsurveyed(target, { is: "missing" }, "volume", "virsh pool-list, virsh vol-list POOL");
  const attachedTo = users.map(({ ref }) => ref.uuid).toSorted();
  return {
    instance: target.instance,
    providerId: path,
    name: known === undefined ? path : `${known.pool}/${known.name}`,
    state: users.length === 0 ? "not attached" : `attached to ${users.map(({ ref }) => ref.name).join(", ")}`,
    account: read.account,
    fingerprint: fingerprint({ path, attachedTo }),
    disks: [],
    attachedTo,
    lowered: loweredOf(
      target.instance,
      users.map(({ ref }) => ref.name),
      known,
    ),
    recipes: {},
    recovery: {
      "backup.restore": { is: "none", reason: "a volume is replaced under its own name; back it up before" },
    },
    notes: [],
  };
};

/** What an attached volume, or a file in no pool, cannot have for itself. */
const loweredOf = (
  instance: InstanceId,
  users: readonly string[],
  known: VolumeRef | undefined,
): readonly Restriction[] => {
  const why = whyNot(users, known);
  if (why === undefined) return [];
  return (["backup.create", "backup.restore"] as const).map((operation) => ({
    cell: { kind: "volume", operation },
    instance,
    mode: "no-api",
    ...why,
  }));
};

const whyNot = (
  users: readonly string[],
  known: VolumeRef | undefined,
): Pick<Restriction, "reason" | "fix"> | undefined => {
  const machines = users.join(", ");
  if (users.length > 0)
    return {
      reason: `It is attached to ${machines}, whose own backup and restore cover it.`,
      fix: `Name ${machines} instead, or detach the volume: virsh detach-disk.`,
    };
  if (known === undefined)
    return { reason: "It lies in no active storage pool, and libvirt reads and writes volumes of pools only." };
  return undefined;
};

const pathOf = async ({ libvirt }: Reader, word: string, options: CallOptions): Promise<string | undefined> => {
  if (word.startsWith("/")) return word;
  const slash = word.indexOf("/");
  return slash < 0 ? undefined : await pathInPool(libvirt, word.slice(0, slash), word.slice(slash + 1), options);
};

/** The volume in an active pool that lies at a path. */
export const volumeAt = (
  { libvirt: { volumes } }: Reader,
  path: string,
  options: CallOptions,
): Promise<VolumeRef | undefined> => orUndefined(volumes.byPath(path, options), "no-storage-volume");
