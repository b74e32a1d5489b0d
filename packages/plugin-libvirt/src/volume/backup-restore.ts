import { failure, type DiskSource, type Handler, type Input, type Outcome, type Target } from "@quiesce/core";
import { firstDifference, type BlockDigests } from "../api/block-digests.ts";
import { downloadDigests, sourceDigests } from "../api/volume-content.ts";
import type { Reader, Writer } from "../client/session.ts";
import type { Options } from "../options.ts";
import { replaceContent } from "./replace-content.ts";
import type { Restore } from "./restore-context.ts";
import { findVolume } from "./find-volume.ts";
import { readVolumeRecord, type VolumeRecord } from "./volume-record.ts";
import { volumesOf } from "../vm/restore-notes.ts";
import { spareBase, spareOf } from "./spare.ts";

/**
 * Puts a volume's file back, byte for byte, under its own name. Done when a new reading of all of it equals the backup; a volume
 * that is so already is left alone.
 */
export const backupRestore: Handler<Reader, Writer, Input<"backup.restore", Options>, Target<"volume">> = {
  observe: async (c) => {
    const record = recordOf(c);
    const [found, spare] = await Promise.all([
      findVolume(c.api, record.path, { signal: c.signal }),
      spareOf(c, record),
    ]);
    if (found === undefined || spare !== undefined || found.volume.physical !== record.bytes) return { is: "absent" };
    if ((await volumesOf(c, spareBase(c))).length > 0) return { is: "absent" };
    const wanted = await withSource(c, record, (source) => sourceDigests(source, c));
    const now = await downloadDigests(c.api.libvirt, found.ref, record.bytes, c);
    return firstDifference(wanted, now) === undefined ? { is: "done", outcome: outcomeOf(record) } : { is: "absent" };
  },

  act: async (c) => {
    const record = recordOf(c);
    await withSource(c, record, async (source) => {
      // All of the backup is read once before anything is touched: damage ends it here.
      const wanted: BlockDigests = await sourceDigests(source, c);
      await replaceContent(c, record, source, wanted);
    });
    return { next: "observe" };
  },
};

const recordOf = ({ input, target }: Restore): VolumeRecord => {
  if (input.as.place !== "in-place")
    throw failure(
      "invalid",
      "A volume is restored under its own name only; a machine can be restored beside its original.",
    );
  const record = readVolumeRecord(input.saved);
  if (record.path === target.providerId) return record;
  throw failure(
    "invalid",
    `The backup is of the volume ${record.path}, not of ${target.providerId}; nothing was touched.`,
  );
};

const withSource = async <T>(c: Restore, record: VolumeRecord, use: (source: DiskSource) => Promise<T>): Promise<T> => {
  if (record.id === null)
    throw failure(
      "damaged",
      `The content of ${record.path} never arrived whole in the repository. Nothing was touched.`,
    );
  const source = await c.repository.openDisk(record.id);
  try {
    if (source.bytes === record.bytes) return await use(source);
    throw failure(
      "damaged",
      `${record.id} has ${source.bytes} bytes in the repository, and ${record.bytes} were captured. Nothing was touched.`,
    );
  } finally {
    await source.close();
  }
};

const outcomeOf = ({ path, bytes }: VolumeRecord): Outcome => ({
  artefacts: [],
  covered: [path],
  saved: { path, bytes },
});
