import { expect, test } from "vitest";
import { asId } from "../model/id.ts";
import { deployment, instance, service } from "../../test/plan/world.ts";
import { instancesToSurvey } from "./instances-to-survey.ts";

const shop = deployment(
  instance("db", {}),
  service("pg", "db"),
  instance("data", { kind: "volume", attached_to: "db" }),
  instance("spare", { kind: "volume" }),
  instance("web", {}),
  instance("far", { kind: "volume", provider: asId("cl") }),
);
const ids = (...names: readonly string[]) => names.map((name) => asId<never>(name));

test("all means all", () => {
  expect(instancesToSurvey(shop, { include: "all" })).toHaveLength(6);
});

test("a chosen volume brings its machine, what runs there, and the volumes of its provider", () => {
  expect(instancesToSurvey(shop, { include: ids("data") })).toEqual(["data", "db", "pg", "spare"]);
});

test("an unknown name brings nothing", () => {
  expect(instancesToSurvey(shop, { include: ids("nobody") })).toEqual([]);
});
