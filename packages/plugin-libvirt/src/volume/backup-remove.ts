import type { Handler, Input, Target } from "@quiesce/core";
import { storedFiles } from "../api/stored-files.ts";
import type { Reader, Writer } from "../client/session.ts";
import type { Options } from "../options.ts";
import { contentKind } from "./volume-record.ts";

/** Removes the stored content; the volume itself has nothing of the set. Each call may be repeated. */
export const backupRemove: Handler<Reader, Writer, Input<"backup.remove", Options>, Target<"volume">> = {
  observe: async () => ({ is: "absent" }),
  act: async (c) => {
    for (const id of storedFiles(c.input.artefacts, c.target.providerId, contentKind)) await c.repository.remove(id);
    return { next: "evidence", outcome: { artefacts: [], covered: [], saved: {} } };
  },
};
