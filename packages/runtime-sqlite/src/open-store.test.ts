import { storeContract } from "@quiesce/testkit/store-contract";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "./open-store.ts";

storeContract("sqlite", async () => {
  const folder = await mkdtemp(join(tmpdir(), "quiesce-store-"));
  return {
    open: (clock) => openStore(join(folder, "store.db"), { clock }),
    remove: () => rm(folder, { recursive: true }),
  };
});
