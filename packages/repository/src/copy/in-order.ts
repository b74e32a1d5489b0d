/** Lets work that ran side by side take turns in the order in which it was begun. */
export const inOrder = () => {
  let last: Promise<void> = Promise.resolve();
  return {
    /** Resolves when every earlier turn is over. Each turn must be ended, also after a failure. */
    next: (): { readonly comes: Promise<void>; readonly end: () => void } => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const comes = last;
      last = comes.then(() => promise);
      return { comes, end: resolve };
    },
  };
};
