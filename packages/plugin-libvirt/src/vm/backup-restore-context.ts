import type { Context, Input, Kept, Target, WritingContext } from "@quiesce/core";
import type { Reader, Writer } from "../client/session.ts";
import type { Options } from "../options.ts";

export type RestoreInput = Input<"backup.restore", Options>;

/** What a look at a restore gets. */
export type Restore = Context<Reader, RestoreInput, Target<"vm">>;

/** What the restore itself gets. */
export type Restoring = WritingContext<Writer, RestoreInput, Target<"vm">>;

/** What a look at the way back from a restore gets, or at giving it up. */
export type Revoke = Context<Reader, Kept<RestoreInput>, Target<"vm">>;

/** What an undo and a commit get. */
export type Revoking = WritingContext<Writer, Kept<RestoreInput>, Target<"vm">>;
