import { storeContract } from "@quiesce/testkit/store-contract";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "./open-store.ts";

storeContract("sqlite", async () => {
  const folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  return { open: (clock) => openStore(join(folder.path, "store.db"), { clock }), remove: folder.remove };
});
