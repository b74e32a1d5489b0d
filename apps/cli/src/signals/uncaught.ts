/** What to do with an exception that nobody caught; while a run works it must not end the process. */
type Take = (thrown: unknown) => void;

let holder: Take | undefined;

/** Node would print a stack and end the process: instead `end` is asked to, unless somebody holds bugs just now. */
export const catchUncaught = (end: Take): void => {
  process.on("uncaughtException", (thrown) => (holder ?? end)(thrown));
};

/** Until it is disposed of, uncaught exceptions go to `take`. */
export const holdUncaught = (take: Take): Disposable => {
  holder = take;
  return {
    [Symbol.dispose]: () => {
      holder = undefined;
    },
  };
};
