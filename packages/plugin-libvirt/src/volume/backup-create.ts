import {
  failure,
  type CaptureHandler,
  type Context,
  type Input,
  type Outcome,
  type StoredFile,
  type Target,
} from "@quiesce/core";
import type { Reader, Writer } from "../client/session.ts";
import type { Options } from "../options.ts";
import { ContentSource } from "./content-source.ts";
import { requireVolume, type FoundVolume } from "./find-volume.ts";
import { assertUnused } from "./unused.ts";
import { contentKind, contentName, readVolumeRecord, type VolumeRecord } from "./volume-record.ts";

type Create = Input<"backup.create", Options>;
type Look = Context<Reader, Create, Target<"volume">>;

/**
 * Copies the file of a volume that no machine uses, byte for byte: a qcow2 file with its internal snapshots, which a conversion
 * would lose. What is attached is covered by its machine's backup. The content is that of the capture as long as the host has
 * seen no write to the file, which is looked at again when the copy is whole.
 */
export const backupCreate: CaptureHandler<Reader, Writer, Create, Target<"volume">> = {
  observe: async (c) => {
    const captured = c.input.captured;
    if (captured === undefined) return { is: "absent" };
    const record = readVolumeRecord(captured);
    const file = await c.repository.find(contentName);
    return file === undefined
      ? { is: "done", outcome: outcomeOf(record), whole: false }
      : { is: "done", outcome: outcomeOf(record, file) };
  },

  act: async (c) => {
    const found = await requireVolume(c.api, c.target.providerId, { signal: c.signal });
    await assertUnused(c.api, found.ref, found.volume, { signal: c.signal });
    assertAlone(found);
    return { next: "evidence", outcome: outcomeOf(recordOf(found)) };
  },

  discard: (c) => c.repository.clear(),

  complete: async (c, captured) => {
    const record = readVolumeRecord(captured);
    const found = await assertUnchanged(c, record);
    const source = new ContentSource(c.api.libvirt, found.ref, record.bytes);
    try {
      const put = {
        disk: contentName,
        signal: c.signal,
        report: (progress: Parameters<typeof c.report>[0]) => c.report(progress),
      };
      const { id } = await c.repository.putDisk(put, source);
      await assertUnchanged(c, record).catch(async (thrown: unknown) => {
        await c.repository.remove(id);
        throw thrown;
      });
    } finally {
      await source.close();
    }
  },
};

const recordOf = ({ ref, volume }: FoundVolume): VolumeRecord => ({
  path: volume.path,
  pool: ref.pool,
  name: ref.name,
  format: volume.format,
  bytes: volume.physical,
  writtenAt: volume.writtenAt,
  id: null,
});

const assertAlone = ({ volume: { path, backing } }: FoundVolume): void => {
  if (backing === undefined) return;
  throw failure(
    "invalid",
    `The volume ${path} is a difference to ${backing}, so that its file alone is no backup of it. ` +
      "Make it whole first (virsh blockpull on its machine, or qemu-img rebase -b ''), or back up its machine.",
  );
};

const assertUnchanged = async ({ api, signal }: Look, record: VolumeRecord): Promise<FoundVolume> => {
  const found = await requireVolume(api, record.path, { signal });
  await assertUnused(api, found.ref, found.volume, { signal });
  const { writtenAt, physical } = found.volume;
  if (writtenAt === record.writtenAt && physical === record.bytes) return found;
  throw failure(
    "conflict",
    `The volume ${record.path} was written to while it was copied, so the copy is worth nothing and was not kept. ` +
      "Find out who works on it, then back it up again.",
  );
};

const outcomeOf = (record: VolumeRecord, file?: StoredFile): Outcome => ({
  artefacts:
    file === undefined
      ? []
      : [
          {
            kind: contentKind,
            id: file.id,
            owner: record.path,
            name: contentName,
            bytes: file.bytes,
            sha256: file.sha256,
          },
        ],
  consistency: "offline",
  covered: [],
  saved: { ...record, id: file?.id ?? null },
});
