/**
 * How long a call that the daemon got may take to begin, and so to be seen: some 200 ms on a busy host. A call that waits for
 * another job of its machine is told by that job.
 */
export const settleMs = 1000;
