import { memoryStore, type Store } from "@quiesce/core";
import { storeContract } from "./store-contract.ts";

// One store stands for all processes: it has no file that several could open.
storeContract("memory", async () => {
  let store: Store | undefined;
  return {
    open: async (clock) => (store ??= memoryStore({ clock })),
    remove: async () => undefined,
  };
});
