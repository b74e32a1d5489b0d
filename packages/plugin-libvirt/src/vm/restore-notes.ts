import { poolListFlags, type PoolRef, type VolumeRef } from "@quiesce/node-libvirt";
import { bytesSource } from "../api/bytes-source.ts";
import { claimName, isNoted, isNoteName, noteName, noteText, readNote, type RestoreNote } from "../api/restore-note.ts";
import { uploadContent } from "../api/volume-content.ts";
import { volumeText } from "../api/volume-text.ts";
import { newVolumeXml } from "../api/volume.ts";
import { orUndefined } from "../client/or-undefined.ts";
import type { Reader, Writer } from "../client/session.ts";

interface Looking {
  readonly api: Pick<Reader, "libvirt">;
  readonly signal: AbortSignal;
}

interface Writing extends Looking {
  readonly api: Pick<Writer, "libvirt">;
}

/** Lays a restore's note into a pool, before its first new volume there. One that is not whole is written anew. */
export const layNote = async ({ api, signal }: Writing, pool: PoolRef, note: RestoreNote): Promise<void> => {
  const { volumes } = api.libvirt;
  const name = noteName(note.base);
  const text = noteText(note);
  const found = await orUndefined(volumes.byName(pool, name, { signal }), "no-storage-volume");
  if (found !== undefined) {
    const there = readNote(await volumeText(api.libvirt, found, { signal }), name);
    if (there !== undefined && noteText(there) === text) return;
    await orUndefined(volumes.delete(found, { signal }), "no-storage-volume");
  }
  const content = Buffer.from(text);
  const xml = newVolumeXml({ name, bytes: content.length, format: "raw", sparse: false, permissions: undefined });
  const volume = await volumes.create(pool, xml, 0, { signal });
  await uploadContent(api.libvirt, volume, bytesSource(content), { signal, report: () => {} });
};

/** Says before a volume is made under another name than this restore's own that it is this restore that makes it. */
export const layClaim = async ({ api, signal }: Writing, pool: PoolRef, own: string): Promise<void> => {
  if (await isClaimed({ api, signal }, pool, own)) return;
  const volume = { name: claimName(own), bytes: 512, format: "raw", sparse: false, permissions: undefined };
  await api.libvirt.volumes.create(pool, newVolumeXml(volume), 0, { signal });
};

export const isClaimed = async ({ api, signal }: Looking, pool: PoolRef, own: string): Promise<boolean> =>
  (await orUndefined(api.libvirt.volumes.byName(pool, claimName(own), { signal }), "no-storage-volume")) !== undefined;

/** All volumes in active pools whose names are those of one restore, its notes among them. */
export const volumesOf = async ({ api, signal }: Looking, base: string): Promise<readonly VolumeRef[]> => {
  const { pools, volumes } = api.libvirt;
  const active = await pools.list(poolListFlags.active, { signal });
  const lists = await Promise.all(active.map((pool) => orUndefined(volumes.list(pool, { signal }), "no-storage-pool")));
  return lists.flatMap((list) => list ?? []).filter(({ name }) => isNoted({ base }, name) || name === noteName(base));
};

export const isLabel = ({ name }: VolumeRef): boolean => isNoteName(name) || name.endsWith(claimName(""));

/** A definition names the new volumes now. */
export const removeNotes = async (c: Writing, base: string): Promise<void> => {
  const labels = (await volumesOf(c, base)).filter(isLabel);
  // The claims mean nothing without the note, so it goes last.
  for (const label of labels.toSorted((a, b) => Number(isNoteName(a.name)) - Number(isNoteName(b.name))))
    await orUndefined(c.api.libvirt.volumes.delete(label, { signal: c.signal }), "no-storage-volume");
};
