import { describe, expect, test } from "vitest";
import { createRandom } from "../host/random.ts";
import type { FaultInput } from "./fault.ts";
import { Switchboard } from "./switchboard.ts";

const call = { procedure: "domainSuspend", object: { kind: "domain", name: "db01" }, detail: undefined } as const;
const drop = { kind: "drop-connection" } as const;
const on = (subject: Partial<FaultInput["on"]>): FaultInput => ({
  on: { procedure: "domainSuspend", ...subject },
  do: drop,
});

const happenings = (fault: FaultInput, calls: number, seed = 1): string => {
  const board = new Switchboard(createRandom(seed));
  board.add(fault);
  return Array.from({ length: calls }, () => (board.take(call).length > 0 ? "x" : ".")).join("");
};

describe("a fault happens", () => {
  test("once, to the first call, unless told otherwise", () => {
    expect(happenings(on({}), 4)).toBe("x...");
    expect(happenings(on({ nth: 3 }), 4)).toBe("..x.");
    expect(happenings(on({ nth: 2, times: 2 }), 4)).toBe(".xx.");
    expect(happenings(on({ nth: 2, times: "always" }), 4)).toBe(".xxx");
  });

  test("by chance, and for the same seed the same again", () => {
    const chance = on({ times: "always", probability: 0.3 });
    const [once, again, other] = [happenings(chance, 200), happenings(chance, 200), happenings(chance, 200, 2)];
    expect(again).toBe(once);
    expect(other).not.toBe(once);
    const share = once.replaceAll(".", "").length / 200;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.45);
  });

  test("to the calls that it names", () => {
    const board = new Switchboard(createRandom(1));
    board.add({ on: { procedure: "*", times: "always" }, do: drop });
    board.add({ on: { procedure: "domainResume", times: "always" }, do: drop });
    board.add({ on: { procedure: "domainSuspend", object: "web", times: "always" }, do: drop });
    board.add({ on: { procedure: "domainSuspend", detail: "s1", times: "always" }, do: drop });
    expect(board.take(call)).toHaveLength(1);
    expect(board.take({ ...call, detail: "s1" })).toHaveLength(2);
    expect(board.list().map(({ happened }) => happened)).toEqual([2, 0, 0, 1]);
  });

  test("to calls that change something, or to the others", () => {
    const board = new Switchboard(createRandom(1));
    board.add({ on: { procedure: "*", mutating: true, nth: 2, times: "always" }, do: drop });
    board.add({ on: { procedure: "*", mutating: false, times: "always" }, do: { kind: "no-reply" } });
    const kinds = (mutating: boolean) => board.take({ ...call, mutating }).map(({ kind }) => kind);
    expect([false, true, false, true, true].map(kinds)).toEqual([
      ["no-reply"],
      [],
      ["no-reply"],
      ["drop-connection"],
      ["drop-connection"],
    ]);
  });

  test("until it is switched off", () => {
    const board = new Switchboard(createRandom(1));
    const id = board.add(on({ times: "always" }));
    expect(board.remove(id)).toBe(true);
    expect(board.remove(id)).toBe(false);
    expect(board.take(call)).toEqual([]);
  });
});

test.each([
  { on: { procedure: "domainNone" }, do: drop },
  { on: { procedure: "domainSuspend", nth: 0 }, do: drop },
  { on: { procedure: "domainSuspend", probability: 2 }, do: drop },
  { on: { procedure: "domainSuspend", Object: "x" }, do: drop },
  { on: { procedure: "domainSuspend" }, do: { kind: "explode" } },
  { on: { procedure: "domainSuspend" }, do: { kind: "delay" } },
])("%j is no fault", (fault) => {
  expect(() => new Switchboard(createRandom(1)).add(fault as FaultInput)).toThrow(/./u);
});
