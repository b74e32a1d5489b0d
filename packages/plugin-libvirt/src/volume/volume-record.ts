import { failure, type JsonObject } from "@quiesce/core";
import { z } from "zod";

const record = z.readonly(
  z.object({
    /** The path on the host. */
    path: z.string(),
    pool: z.string(),
    name: z.string(),
    /** `qcow2`, `raw`, …: what the stored bytes are. */
    format: z.string(),
    /** Length of its file. */
    bytes: z.int().nonnegative(),
    /** When its file was last written to, as the host tells it: as long as it stays, the content is that of the capture. */
    writtenAt: z.string(),
    /** Of the stored content in the repository; null until it is whole there. */
    id: z.nullable(z.string()),
  }),
);

/** `Outcome.saved` of a volume in a set of kind backup. */
export type VolumeRecord = z.output<typeof record>;

/** Reads what a backup saved. Throws `damaged` when a part is missing: then nothing can be restored from it. */
export const readVolumeRecord = (saved: JsonObject): VolumeRecord => {
  const read = record.safeParse(saved);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw failure(
    "damaged",
    `The record of this volume in the backup set is not whole: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}. ` +
      "Read the set again from its manifest: quiesce backups rebuild.",
  );
};

/** A volume's content in its set's folder. */
export const contentName = "volume";
export const contentKind = "volume";
