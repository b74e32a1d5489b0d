import fc from "fast-check";
import { expect, test } from "vitest";
import { asId, type InstanceId, type RunId } from "../model/id.ts";
import { artefactName, requestIdOf } from "./artefact-name.ts";

const rule = { max: 40, allow: /[a-z0-9-]/ };
const run = (text: string) => asId<RunId>(text);
const instance = (text: string) => asId<InstanceId>(text);

test("any set name gives a name that the provider takes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string(), (set, of) => {
      const name = artefactName(set, run("r1"), instance(of), rule);
      expect(name).toMatch(/^[a-z0-9-]{1,40}$/);
      expect(name.startsWith("quiesce")).toBe(true);
    }),
  );
});

test("two instances and two runs never share a name, however long the set's", () => {
  const long = "x".repeat(200);
  const names = [
    ["r1", "a"],
    ["r1", "b"],
    ["r2", "a"],
  ].map(([r = "", i = ""]) => artefactName(long, run(r), instance(i), rule));
  expect(new Set(names).size).toBe(3);
});

test("a request id is a UUID and the same for each try", () => {
  expect(requestIdOf(run("r1"), "k")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(requestIdOf(run("r1"), "k")).toBe(requestIdOf(run("r1"), "k"));
  expect(requestIdOf(run("r1"), "k")).not.toBe(requestIdOf(run("r2"), "k"));
});
