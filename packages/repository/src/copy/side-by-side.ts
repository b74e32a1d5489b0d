/**
 * Begins the work on each item as soon as `begin` resolves (it waits for room), and resolves when all of it has ended.
 * The first failure aborts the rest and is thrown; nothing runs any more then. The signal's reason counts as one.
 */
export const sideBySide = async <T>(
  items: AsyncIterable<T> | Iterable<T>,
  signal: AbortSignal,
  begin: (item: T, signal: AbortSignal) => Promise<() => Promise<void>>,
): Promise<void> => {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const running = new Set<Promise<void>>();
  let failed: { readonly why: unknown } | undefined;
  const fail = (why: unknown): void => {
    failed ??= { why };
    stop.abort(why);
  };
  try {
    for await (const item of items) {
      either.throwIfAborted();
      const work = await begin(item, either);
      const run: Promise<void> = work()
        .catch(fail)
        .finally(() => running.delete(run));
      running.add(run);
    }
  } catch (error) {
    fail(error);
  }
  await Promise.all(running);
  signal.throwIfAborted();
  if (failed !== undefined) throw failed.why;
};
