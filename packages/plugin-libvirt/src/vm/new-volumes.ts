import { failure } from "@quiesce/core";
import { isLibvirtError, type PoolRef, type VolumeRef } from "@quiesce/node-libvirt";
import type { RestoreNote } from "../api/restore-note.ts";
import { newVolumeXml, readVolume, type NewVolume } from "../api/volume.ts";
import { volumeUsers } from "../api/volume-users.ts";
import { isInDoubt } from "../client/in-doubt.ts";
import { orUndefined } from "../client/or-undefined.ts";
import type { Writer } from "../client/session.ts";
import { layClaim, layNote, removeNotes } from "./restore-notes.ts";

export interface Making {
  readonly api: Writer;
  readonly signal: AbortSignal;
}

/** Volumes that one try made or took over, so that they go again when it fails. */
export class NewVolumes {
  readonly #making: Making;
  readonly #note: RestoreNote;
  readonly #made: VolumeRef[] = [];
  readonly #noted = new Set<string>();
  #kept = false;

  /** `note`: lies beside them until a machine's definition names them. */
  constructor(making: Making, note: RestoreNote) {
    this.#making = making;
    this.#note = note;
  }

  /** Whether a volume is one of them; others had the wanted content already. */
  has({ pool, name }: Pick<VolumeRef, "pool" | "name">): boolean {
    return this.#made.some((made) => made.pool === pool && made.name === name);
  }

  /** Before a volume is made under another name than `own`, which is one that nobody else gives. */
  async claim(pool: PoolRef, own: string): Promise<void> {
    await this.#announce(pool);
    await layClaim(this.#making, pool, own);
  }

  /** Takes over what an earlier try left. */
  adopt(volume: VolumeRef): void {
    this.#made.push(volume);
  }

  async create(pool: PoolRef, volume: NewVolume): Promise<VolumeRef> {
    const { api, signal } = this.#making;
    await this.#announce(pool);
    return await this.#take(pool, volume, (xml) => api.libvirt.volumes.create(pool, xml, 0, { signal }));
  }

  /** A volume with the content of another one, in the wanted format. */
  async convert(pool: PoolRef, volume: NewVolume, from: VolumeRef): Promise<VolumeRef> {
    const { api, signal } = this.#making;
    const options = { signal, timeoutMs: Infinity };
    await this.#announce(pool);
    return await this.#take(pool, volume, (xml) => settled(api.libvirt.volumes.clone(pool, xml, from, 0, options)));
  }

  /** They may belong to a machine from now on. */
  keepAll(): void {
    this.#kept = true;
    this.#made.splice(0);
  }

  async #announce(pool: PoolRef): Promise<void> {
    if (this.#noted.has(pool.name)) return;
    await layNote(this.#making, pool, this.#note);
    this.#noted.add(pool.name);
  }

  async #take(pool: PoolRef, volume: NewVolume, make: (xml: string) => Promise<VolumeRef>): Promise<VolumeRef> {
    try {
      const made = await owned(volume, make);
      this.#made.push(made);
      return made;
    } catch (thrown) {
      // Under another name it may be somebody's, for whom the call was too late.
      if (isInDoubt(thrown) && volume.name.startsWith(`${this.#note.base}-`))
        this.#made.push({ pool: pool.name, name: volume.name, key: "" });
      throw thrown;
    }
  }

  /** Removes all that was made, as far as nothing uses it, and then the note; what cannot be removed is told. */
  async removeAll(): Promise<readonly string[]> {
    const making = { api: this.#making.api, signal: AbortSignal.timeout(cleanUpMs) };
    const left: string[] = [];
    for (const volume of this.#made.splice(0)) {
      try {
        await removeUnused(making, volume);
      } catch {
        left.push(`${volume.pool}/${volume.name}`);
      }
    }
    // What is still there needs the note that says whose it is.
    if (left.length === 0 && !this.#kept) await removeNotes(making, this.#note.base).catch(() => {});
    return left;
  }
}

const cleanUpMs = 30_000;

/** A daemon without root's rights gives nothing to another user: then the new volume is its own, as all that it makes. */
const owned = async (volume: NewVolume, make: (xml: string) => Promise<VolumeRef>): Promise<VolumeRef> => {
  try {
    return await make(newVolumeXml(volume));
  } catch (thrown) {
    if (volume.permissions === undefined || !isLibvirtError(thrown, "system-error")) throw thrown;
    return await make(newVolumeXml({ ...volume, permissions: undefined }));
  }
};

/** Deletes a volume, which libvirt would do even under a running machine. Absent is success; one in use is refused. */
export const removeUnused = async ({ api, signal }: Making, volume: VolumeRef): Promise<void> => {
  const { volumes } = api.libvirt;
  const xml = await orUndefined(volumes.xml(volume, { signal }), "no-storage-volume");
  if (xml === undefined) return;
  const { path } = readVolume(xml);
  const users = await volumeUsers(api.libvirt, { path, pool: volume.pool, name: volume.name }, { signal });
  if (users.length > 0)
    throw failure("conflict", `The volume ${path} is used by ${users.join(", ")}; it was not deleted.`);
  await settled(orUndefined(volumes.delete(volume, { signal }), "no-storage-volume"));
};

/** An abandoned conversion goes on in the daemon, and its volumes are locked until it ends. */
export const settled = async <T>(call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (thrown) {
    if (isLibvirtError(thrown, "operation-invalid") && /still being allocated|in use/.test(thrown.daemonMessage))
      throw failure("unavailable", `${thrown.message} It is tried again.`, { retry: "later" });
    throw thrown;
  }
};
