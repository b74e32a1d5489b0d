import { holdUncaught } from "./uncaught.ts";

/** Keeps the first bug that shows while a run works. */
export interface HeldBugs extends Disposable {
  /** Runs `act`; what it throws is held. */
  guard(act: () => void): void;
  /** Throws the held bug, if there is one. */
  release(): void;
}

/**
 * While a run works, an exception that nobody catches must not end the process: guests would stay frozen. It is held
 * until the run has ended, and `onFirst` asks the run to end soon.
 */
export const holdBugs = (onFirst: () => void): HeldBugs => {
  let held: { readonly thrown: unknown } | undefined;
  const hold = (thrown: unknown): void => {
    if (held !== undefined) return;
    held = { thrown };
    onFirst();
  };
  const uncaught = holdUncaught(hold);
  return {
    guard: (act) => {
      try {
        act();
      } catch (thrown) {
        hold(thrown);
      }
    },
    release: () => {
      if (held !== undefined) throw held.thrown;
    },
    [Symbol.dispose]: () => uncaught[Symbol.dispose](),
  };
};
