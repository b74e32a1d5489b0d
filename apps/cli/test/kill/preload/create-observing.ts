import type { Call } from "./read-call.ts";

export interface Observing {
  /** A call that may change something was answered. */
  changed(call: Call): void;
  /** Whether a reading call is the first look at an object since it was changed. */
  isFirstLook(call: Call): boolean;
}

/** Which objects were changed and not looked at since. */
export const createObserving = (): Observing => {
  const unseen = new Set<string>();
  const keyOf = ({ object = "host" }: Call): string => object;
  return {
    changed: (call) => void unseen.add(keyOf(call)),
    // What was made anew has no id yet: the next look at anything is a look at it.
    isFirstLook: (call) => unseen.delete(keyOf(call)) || unseen.delete("host"),
  };
};
