import type { Context, Input, Target, WritingContext } from "@quiesce/core";
import type { Reader, Writer } from "../client/session.ts";
import type { Options } from "../options.ts";

type BackupInput = Input<"backup.create", Options>;

/** What looks at a backup get. */
export type Looking = Context<Reader, BackupInput, Target<"vm">>;

/** What works on a backup gets. */
export type Backing = WritingContext<Writer, BackupInput, Target<"vm">>;
