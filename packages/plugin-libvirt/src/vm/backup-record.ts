import { failure, type Consistency, type JsonObject } from "@quiesce/core";
import { z } from "zod";
import { powers } from "../api/power.ts";

/** A disk of a machine as a backup keeps it. Its content at that time is the same whatever its format was. */
const recordedDisk = z.readonly(
  z.object({
    /** The name inside the machine: `vda`. */
    name: z.string(),
    /** Of the stored content in the repository (`StoredFile.id`). */
    id: z.string(),
    /** The path on the host that it had. */
    source: z.string(),
    /** `qcow2`, `raw`: what a restore makes again. */
    format: z.string(),
    /** What the guest sees of it. */
    bytes: z.int().nonnegative(),
    /** Where it lay, if a pool of libvirt held it: names. */
    pool: z.nullable(z.string()),
    volume: z.nullable(z.string()),
  }),
);

export const consistencies = [
  "app",
  "fs",
  "memory",
  "paused",
  "offline",
  "crash",
] as const satisfies readonly Consistency[];

const record = z.readonly(
  z.object({
    /** What the machine did at the capture, and is to do after a restore. */
    power: z.enum(powers),
    /** As it was at the capture's call. Where the window broke afterwards, the set's item says less, and counts. */
    consistency: z.enum(consistencies),
    uuid: z.string(),
    name: z.string(),
    autostart: z.boolean(),
    disks: z.readonly(z.array(recordedDisk)),
    /** Repository id of the definition, passwords included. */
    definition: z.string(),
    /** UEFI variables: repository id, and the path on the host that they had. */
    nvram: z.nullable(z.readonly(z.object({ id: z.string(), path: z.string() }))),
  }),
);

export type RecordedDisk = z.output<typeof recordedDisk>;

/** `Outcome.saved` of a machine in a set of kind backup. */
export type BackupRecord = z.output<typeof record>;

/** Reads what a backup saved. Throws `damaged` when a part is missing: then nothing can be restored from it. */
export const readBackupRecord = (saved: JsonObject): BackupRecord => {
  const read = record.safeParse(saved);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw failure(
    "damaged",
    `The record of this machine in the backup set is not whole: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}. ` +
      "Read the set again from its manifest: quiesce backups rebuild.",
  );
};

/** The artefacts of a machine in a set of kind backup, by `Artefact.kind`. */
export const backupArtefacts = {
  /** Content of one disk in the repository; `name` is the disk's. */
  disk: "disk",
  /** The inactive definition in the repository. */
  definition: "definition",
  /** The UEFI variables in the repository. */
  nvram: "nvram",
  /** A checkpoint of the machine, from which the next increment starts: `<uuid>/<checkpoint's name>`. */
  checkpoint: "checkpoint",
} as const;
