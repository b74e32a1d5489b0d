import { QuiesceError, type Store } from "@quiesce/core";

/** A store that can be written n times and then no more, as on a full disk. */
export const fillingUp = (store: Store, writes: number): Store => {
  let left = writes;
  return {
    ...store,
    commit: async (claim, events) => {
      left -= 1;
      if (left < 0) throw new QuiesceError("refused", "The disk is full.");
      await store.commit(claim, events);
    },
  };
};
