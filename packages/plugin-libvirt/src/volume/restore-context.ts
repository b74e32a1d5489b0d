import type { Context, Input, Target, WritingContext } from "@quiesce/core";
import type { Reader, Writer } from "../client/session.ts";
import type { Options } from "../options.ts";

type RestoreInput = Input<"backup.restore", Options>;

/** What a look at a restore of a volume gets. */
export type Restore = Context<Reader, RestoreInput, Target<"volume">>;

/** What the restore itself gets. */
export type Restoring = WritingContext<Writer, RestoreInput, Target<"volume">>;
