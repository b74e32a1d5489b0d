import type { Handler, Input, Target } from "@quiesce/core";
import { storedFiles } from "../api/stored-files.ts";
import type { Reader, Writer } from "../client/session.ts";
import type { Options } from "../options.ts";

/** Removes the stored definition; the network itself has nothing of the set. Each call may be repeated. */
export const backupRemove: Handler<Reader, Writer, Input<"backup.remove", Options>, Target<"network">> = {
  observe: async () => ({ is: "absent" }),
  act: async (c) => {
    for (const id of storedFiles(c.input.artefacts, c.target.providerId, "definition")) await c.repository.remove(id);
    return { next: "evidence", outcome: { artefacts: [], covered: [], saved: {} } };
  },
};
