type Work = () => Promise<unknown>;

/** The best time of each, in milliseconds. They take turns, so that a busy machine is no advantage for one of them. */
export const bestOfPairs = async (
  rounds: number,
  work: { readonly prepare: Work; readonly ours: Work; readonly peer: Work },
): Promise<{ readonly ours: number; readonly peer: number }> => {
  let [ours, peer] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++) {
    await work.prepare();
    ours = Math.min(ours, await timeOf(work.ours));
    peer = Math.min(peer, await timeOf(work.peer));
  }
  return { ours, peer };
};

const timeOf = async (work: Work): Promise<number> => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};
