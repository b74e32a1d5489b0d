import { storeContract, type StorePlace } from "@quiesce/testkit/store-contract";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "./open-store.ts";

const inFile = async (): Promise<StorePlace> => {
  const folder = await mkdtempDisposable(join(tmpdir(), "quiesce-"));
  return { open: (clock) => openStore(join(folder.path, "store.db"), { clock }), remove: folder.remove };
};

// Each commit is synced, so that a random journal takes a tenth of a second.
storeContract("sqlite", inFile, 25);
