import { expect, test } from "vitest";
import { asId, type Account } from "../model/id.ts";
import { createGate } from "./gate.ts";

const account = asId<Account>("a");
const never = new AbortController().signal;

test("lets the limit in and the rest by rank, then by arrival", async () => {
  const gate = createGate(() => 1);
  const first = await gate.enter(account, "window", never);
  const order: string[] = [];
  const enter = async (name: string, rank: "open" | "window" | "background") => {
    using _in = await gate.enter(account, rank, never);
    order.push(name);
  };
  const all = [enter("copy", "background"), enter("new1", "window"), enter("new2", "window"), enter("open", "open")];
  first[Symbol.dispose]();
  await Promise.all(all);
  expect(order).toEqual(["open", "new1", "new2", "copy"]);
});

test("a payment never waits", async () => {
  const gate = createGate(() => 1);
  using _busy = await gate.enter(account, "window", never);
  const paying = gate.enter(account, "pay", never);
  await expect(paying).resolves.toBeDefined();
});

test("leaving twice frees one place", async () => {
  const gate = createGate(() => 1);
  const first = await gate.enter(account, "window", never);
  const waiting = [gate.enter(account, "window", never), gate.enter(account, "window", never)];
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  await waiting[0];
  const second = await Promise.race([waiting[1], Promise.resolve("still waiting")]);
  expect(second).toBe("still waiting");
});

test("who is aborted while waiting leaves the line", async () => {
  const gate = createGate(() => 1);
  const first = await gate.enter(account, "window", never);
  const abort = new AbortController();
  const gone = gate.enter(account, "window", abort.signal);
  abort.abort(new Error("stop"));
  await expect(gone).rejects.toThrow("stop");
  const next = gate.enter(account, "window", never);
  first[Symbol.dispose]();
  await next;
});
