import type { Context, Input, Target, WritingContext } from "@quiesce/core";
import type { DomainRef } from "@quiesce/node-libvirt";
import type { Reader, Writer } from "../client/session.ts";
import type { Options } from "../options.ts";
import type { BackupJobRecord } from "./backup-job-record.ts";

type BackupInput = Input<"backup.create", Options>;

/** What looks at a backup get. */
export type Looking = Context<Reader, BackupInput, Target<"vm">>;

/** What works on a backup gets. */
export type Backing = WritingContext<Writer, BackupInput, Target<"vm">>;

/** The domain whose job it is, without a call. */
export const hostOf = ({ host }: BackupJobRecord): DomainRef => host;
