/** What a timer of Node can hold; a longer one would fire at once. */
const longestMs = 2 ** 31 - 1;

/** Calls once after `ms`, unless it is disposed of before; never when `ms` is undefined. */
export const afterTime = (ms: number | undefined, act: () => void): Disposable => {
  const timer = ms === undefined || ms > longestMs ? undefined : setTimeout(act, ms);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
};
