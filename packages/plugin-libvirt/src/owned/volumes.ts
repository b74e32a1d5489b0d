import type { PoolRef, VolumeRef } from "@quiesce/node-libvirt";
import { readKeptDefinition } from "../api/kept-definition.ts";
import { isNoted, isNoteName, keptDefinitionName, noteName, readNote, type RestoreNote } from "../api/restore-note.ts";
import { readVolume } from "../api/volume.ts";
import { volumeText } from "../api/volume-text.ts";
import { volumeUsers } from "../api/volume-users.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { removeUnused } from "../vm/new-volumes.ts";
import type { Found, Looking } from "./found.ts";
import { scratchOf } from "./scratch.ts";
import { volumeFound } from "./volume-found.ts";

/**
 * Volumes of a pool that are provably ours: scratch files say it in their names, new disks of a restore by the note beside them,
 * a definition that a restore kept in its own text. What a machine uses is the machine's.
 */
export const volumesOf = async (c: Looking, pool: PoolRef): Promise<readonly Found[]> => {
  const all = (await orUndefined(c.api.libvirt.volumes.list(pool, { signal: c.signal }), "no-storage-pool")) ?? [];
  const notes = (await Promise.all(all.map((volume) => noteOf(c, volume)))).flatMap((note) => note ?? []);
  const found = await Promise.all(
    all.map(async (volume) => scratchOf(volume) ?? (await newVolumeOf(c, volume, notes)) ?? (await keptOf(c, volume))),
  );
  // A note goes last: without it nobody could tell whose the others are.
  return [...found.flatMap((one) => one ?? []), ...all.flatMap((volume) => noteFound(volume, notes) ?? [])];
};

const noteOf = async ({ api, signal }: Looking, volume: VolumeRef): Promise<RestoreNote | undefined> => {
  if (!isNoteName(volume.name)) return undefined;
  const text = await orUndefined(volumeText(api.libvirt, volume, { signal }), "no-storage-volume");
  return text === undefined ? undefined : readNote(text, volume.name);
};

const noteFound = (volume: VolumeRef, notes: readonly RestoreNote[]): Found | undefined => {
  const note = notes.find(({ base }) => volume.name === noteName(base));
  if (note === undefined) return undefined;
  return volumeFound("restore-note", volume, { tag: note.tag, owner: note.of, use: "working" }, (c) =>
    removeUnused(c, volume),
  );
};

const newVolumeOf = async (
  c: Looking,
  volume: VolumeRef,
  notes: readonly RestoreNote[],
): Promise<Found | undefined> => {
  const note = notes.find((one) => isNoted(one, volume.name));
  if (note === undefined || (await isUsed(c, volume))) return undefined;
  return volumeFound("new-volume", volume, { tag: note.tag, owner: note.of, use: "working" }, (removing) =>
    removeUnused(removing, volume),
  );
};

const isUsed = async ({ api, signal }: Looking, volume: VolumeRef): Promise<boolean> => {
  const xml = await orUndefined(api.libvirt.volumes.xml(volume, { signal }), "no-storage-volume");
  if (xml === undefined) return true;
  const { path } = readVolume(xml);
  return (await volumeUsers(api.libvirt, { path, pool: volume.pool, name: volume.name }, { signal })).length > 0;
};

/** The definition that a restore replaced. It may hold passwords: nothing but its first line is looked at. */
const keptOf = async ({ api, signal }: Looking, volume: VolumeRef): Promise<Found | undefined> => {
  if (!volume.name.endsWith(keptDefinitionName(""))) return undefined;
  const text = await orUndefined(volumeText(api.libvirt, volume, { signal }), "no-storage-volume");
  const tag = text === undefined ? undefined : readKeptDefinition(text).tag;
  return tag && volumeFound("kept-definition", volume, { tag, use: "recovery" }, (c) => removeUnused(c, volume));
};
