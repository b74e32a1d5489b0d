import { expect, test } from "vitest";
import { never } from "../../test/model-source.ts";
import { createSlots, createSpareSlots } from "./slots.ts";

test("there are never more buffers than allowed; who waits is served in turn", async () => {
  const slots = createSlots(2, createSpareSlots(2));
  const [one, two] = [await slots.take(never), await slots.take(never)];
  const served: string[] = [];
  const third = slots.take(never).then((slot) => (served.push("third"), slot));
  const fourth = slots.take(never).then((slot) => (served.push("fourth"), slot));
  await new Promise(setImmediate);
  expect(served).toEqual([]);
  slots.give(one);
  expect(await third).toBe(one);
  slots.give(two);
  expect(await fourth).toBe(two);
  expect(served).toEqual(["third", "fourth"]);
});

test("who gives up waiting gets the signal's reason and takes no buffer", async () => {
  const slots = createSlots(1, createSpareSlots(1));
  const held = await slots.take(never);
  const stop = new AbortController();
  const waiting = slots.take(stop.signal);
  stop.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  slots.give(held);
  expect(await slots.take(never)).toBe(held);
  await expect(slots.take(stop.signal)).rejects.toThrow("enough");
});

test("buffers are used again by the next copy", async () => {
  const spare = createSpareSlots(1);
  const first = createSlots(1, spare);
  const slot = await first.take(never);
  first.give(slot);
  first.close();
  expect(await createSlots(1, spare).take(never)).toBe(slot);
});
