import { expect, test } from "vitest";
import { asId } from "../model/id.ts";
import { chain, grown, named } from "../../test/plan/chain.ts";
import { closureOf } from "./closure-of.ts";

const names = (list: readonly { readonly name: string }[]): string => list.map(({ name }) => name).join(" ");

test("what builds on a set goes before it, and the set goes last", () => {
  const sets = chain(4, "db");
  const middle = sets.find(({ name }) => name === "s2");
  expect(middle && names(closureOf(middle, sets))).toBe("s4 s3 s2");
});

test("a catalogue in the wrong order still gives an order that works", () => {
  const sets = chain(3, "db").toReversed();
  const [full] = sets;
  expect(full && names(closureOf(full, sets))).toBe("s3 s2 s1 s0");
});

test("branches of several instances meet in one closure", () => {
  const sets = [
    named("s3", grown("web", "s3", "s1")),
    named("s2", grown("db", "s2", "s0")),
    named("s1", grown("web", "s1"), grown("db", "s1", "s0")),
    named("s0", grown("db", "s0")),
  ];
  expect(names(closureOf(named("s0"), sets))).toBe("s3 s2 s1 s0");
  expect(names(closureOf(named("s2"), sets))).toBe("s2");
});

test("a circle of parents ends, and other deployments do not count", () => {
  const circle = [named("s1", grown("db", "s1", "s0")), named("s0", grown("db", "s0", "s1"))];
  expect(names(closureOf(named("s0"), circle))).toBe("s1 s0");
  const foreign = chain(2, "db").map((set) => ({ ...set, deployment: asId<never>("other") }));
  expect(names(closureOf(named("s0"), foreign))).toBe("s0");
});
