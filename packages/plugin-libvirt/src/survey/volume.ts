import type { Surveyed, Target } from "@quiesce/core";
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
    lowered: [],
    recipes: {},
    notes: [],
  };
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
