import { setTimeout as sleep } from "node:timers/promises";

const timeoutMs = 110_000;

/**
 * Asks again and again until the answer is yes; a question that fails counts as no.
 * @throws after 110 s, with the last failure as its cause.
 */
export const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  let last: unknown;
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(100)) {
    try {
      if (await isSo()) return;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`After ${timeoutMs / 1000} s it was not so that ${what}.`, { cause: last });
};
