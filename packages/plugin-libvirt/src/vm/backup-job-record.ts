import { failure, type JsonObject } from "@quiesce/core";
import { z } from "zod";
import { powers } from "../api/power.ts";
import { consistencies } from "./backup-record.ts";

// What the steps of one backup tell each other through the journal. Never a secret.

const scratch = z.readonly(
  z.object({
    /** The file on the host. */
    path: z.string(),
    /** The pool's name, where we made the file as a volume; null where libvirt makes it beside the disk and removes it. */
    pool: z.nullable(z.string()),
  }),
);

const jobDisk = z.readonly(
  z.object({
    name: z.string(),
    source: z.string(),
    format: z.string(),
    pool: z.nullable(z.string()),
    volume: z.nullable(z.string()),
    /** Whether a checkpoint can mark its changes. */
    tracked: z.boolean(),
    /** The checkpoint since which changes are copied; null: the whole disk. */
    since: z.nullable(z.string()),
    scratch,
  }),
);

const prepared = z.readonly(
  z.object({
    /** The machine as it was found. */
    uuid: z.string(),
    name: z.string(),
    power: z.enum(powers),
    autostart: z.boolean(),
    /** The domain that runs the job: the machine itself, or what stands in for a saved one. */
    host: z.readonly(z.object({ uuid: z.string(), name: z.string(), id: z.int() })),
    /** The machine was off and was started without running, for the backup. */
    woken: z.boolean(),
    socket: z.string(),
    disks: z.readonly(z.array(jobDisk)),
    /** Disks that the job leaves out: read-only ones. */
    leftOut: z.readonly(z.array(z.string())),
    /** Name of the checkpoint to make; null where no disk can be marked. */
    checkpoint: z.nullable(z.string()),
    /** Path of the UEFI variables, where there are some and a pool reaches them. */
    nvram: z.nullable(z.string()),
    /** What the capture achieved; null before it. */
    consistency: z.nullable(z.enum(consistencies)),
    notes: z.readonly(z.array(z.string())),
  }),
);

export type Scratch = z.output<typeof scratch>;
export type JobDisk = z.output<typeof jobDisk>;

/** What `prepare` made: the input of the capture, and, with what really happened in it, of the copy. */
export type BackupJobRecord = z.output<typeof prepared>;

/** Throws `protocol` when the journal holds something else: a bug, or another version of this plugin. */
export const readJobRecord = (saved: JsonObject | undefined): BackupJobRecord => {
  const read = prepared.safeParse(saved ?? {});
  if (read.success) return read.data;
  throw failure("protocol", `What the backup prepared is not whole in the journal: ${z.prettifyError(read.error)}`);
};
