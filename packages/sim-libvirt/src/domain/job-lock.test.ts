import { expect, test } from "vitest";
import { ManualClock } from "../../test/manual-clock.ts";
import { JobLock } from "./job-lock.ts";

const gate = () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, open: resolve };
};

test("one job runs at a time, in order, also after one that failed", async () => {
  const lock = new JobLock(new ManualClock());
  const first = gate();
  const order: string[] = [];
  const jobs = [
    lock.run("a", 1000, async () => {
      await first.promise;
      order.push("a");
      throw new Error("a failed");
    }),
    lock.run("b", 1000, () => void order.push("b")),
    lock.run("c", 1000, () => void order.push("c")),
  ];
  expect(lock.holder).toBe("a");
  first.open();
  expect((await Promise.allSettled(jobs)).map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  expect(order).toEqual(["a", "b", "c"]);
  expect(lock.holder).toBeUndefined();
});

test("who waits too long is told who holds the lock, and is not run later", async () => {
  const clock = new ManualClock();
  const lock = new JobLock(clock);
  const first = gate();
  let ran = false;
  const holding = lock.run("monitor=one", 1000, () => first.promise);
  const waiting = lock.run("monitor=two", 1000, () => void (ran = true)).catch((error: unknown) => error);
  await clock.pass(999);
  first.open();
  await holding;
  await waiting;
  expect(ran).toBe(true);

  const second = gate();
  const again = lock.run("monitor=one", 1000, () => second.promise);
  const late = lock.run("monitor=two", 1000, () => "ran after all").catch((error: unknown) => error);
  await clock.pass(1000);
  expect(await late).toMatchObject({
    code: 68,
    message: "Timed out during operation: cannot acquire state change lock (held by monitor=one)",
  });
  second.open();
  await again;
  expect(lock.holder).toBeUndefined();
});
