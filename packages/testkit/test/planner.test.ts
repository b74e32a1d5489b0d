import {
  isSealed,
  makePlan,
  plan,
  planMermaid,
  planTree,
  stepsOf,
  type InstanceId,
  type PlanBody,
  type Restriction,
} from "@quiesce/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyPlanRequest, anyRestriction, type PlanRequest, type Wildness } from "../src/index.ts";
import { planLaws, type Law } from "./plan-laws.ts";

const made = ({ workflow, deployment, facts, options }: PlanRequest) => plan(workflow, deployment, facts, options);

/** The report of the smallest request that breaks a property; undefined when none was found. */
const counterexampleTo = <T extends [unknown, ...unknown[]]>(
  property: fc.IProperty<T>,
  numRuns = 400,
): string | undefined => {
  const details = fc.check(property, { numRuns });
  return details.failed ? fc.defaultReportMessage(details) : undefined;
};

/** A law as a property of every plan that can be made; requests that are refused are passed over. */
const lawOf = (law: Law, wildness: Wildness) =>
  fc.property(anyPlanRequest(wildness), (request) => {
    const result = made(request);
    const broken = result.ok ? law(result.value, request) : [];
    if (broken.length > 0) throw new Error(broken.join("\n"));
  });

describe.each(["sane", "odd"] as const)("every %s plan", (wildness) => {
  test.each(Object.entries(planLaws))("%s", (_, law) => {
    expect(counterexampleTo(lawOf(law, wildness))).toBeUndefined();
  });
});

test("the laws speak of something: most sane requests can be planned, for every workflow", () => {
  const samples = fc.sample(anyPlanRequest("sane"), { numRuns: 1000, seed: 1 });
  const planned = samples.flatMap((request) => {
    const result = made(request);
    return result.ok ? [result.value] : [];
  });
  expect(planned.length).toBeGreaterThan(500);
  for (const workflow of ["suspend", "resume", "backup", "restore", "remove_backup"] as const)
    expect(planned.filter((body) => body.workflow === workflow && body.stages.length > 0).length).toBeGreaterThan(30);
  const steps = planned.flatMap(stepsOf);
  for (const does of ["cell", "capture", "compare", "complete", "pay", "call"] as const)
    expect(steps.filter((step) => step.does === does).length).toBeGreaterThan(20);
  for (const does of ["prepare", "release"] as const)
    expect(steps.filter((step) => step.does === does).length).toBeGreaterThan(20);
  const parents = steps.flatMap(({ input, does }) => (does === "capture" ? [input["parent"]] : []));
  expect(parents.filter((parent) => typeof parent === "object").length).toBeGreaterThan(5);
  expect(steps.filter(({ recovery }) => recovery !== undefined).length).toBeGreaterThan(10);
  expect(steps.filter(({ covers }) => covers.length > 0).length).toBeGreaterThan(20);
});

test("planning is total: whatever it gets, it gives a plan or problems, and never throws", () => {
  const property = fc.property(fc.oneof(anyPlanRequest("odd"), anyPlanRequest("wild")), (request) => {
    const result = made(request);
    if (result.ok) return planTree(result.value) !== "" && planMermaid(result.value) !== "";
    return result.problems.every(({ message }) => message !== "");
  });
  expect(counterexampleTo(property, 2000)).toBeUndefined();
});

test("the order of the input changes nothing", () => {
  const anyRequest = fc.oneof(anyPlanRequest("odd"), anyPlanRequest("wild"));
  const property = fc.property(anyRequest, fc.integer({ min: 1, max: 6 }), (request, by) => {
    const turn = <T extends object>(record: T): T => {
      const entries = Object.entries(record);
      return Object.fromEntries([...entries.slice(by), ...entries.slice(0, by)].toReversed()) as T;
    };
    const { workflow, deployment, facts, options } = request;
    const turned = plan(
      workflow,
      { ...deployment, instances: turn(deployment.instances), providers: turn(deployment.providers) },
      { ...facts, surveys: turn(facts.surveys), suspended: turn(facts.suspended), matrices: turn(facts.matrices) },
      { ...options, exclude: options.exclude.toReversed() },
    );
    return JSON.stringify(turned) === JSON.stringify(made(request));
  });
  expect(counterexampleTo(property)).toBeUndefined();
});

test("a sealed plan keeps its digest over JSON", () => {
  const property = fc.property(anyPlanRequest("sane"), ({ workflow, deployment, facts, options }) => {
    const result = makePlan(workflow, deployment, facts, options);
    return !result.ok || isSealed(JSON.parse(JSON.stringify(result.value)));
  });
  expect(counterexampleTo(property)).toBeUndefined();
});

test("a restriction never adds work", () => {
  const anyRequest = fc.oneof(anyPlanRequest("sane"), anyPlanRequest("odd"));
  const anyRestrictions = fc.array(anyRestriction(), { minLength: 1, maxLength: 3 });
  const property = fc.property(anyRequest, anyRestrictions, fc.nat(), (request, more, at) => {
    const ids = Object.keys(request.facts.surveys);
    const [before, after] = [made(request), made(withRestrictions(request, more, ids[at % Math.max(1, ids.length)]))];
    if (!before.ok || !after.ok) return true;
    const known = objectsOf(before.value);
    return [...objectsOf(after.value)].every((one) => known.has(one));
  });
  expect(counterexampleTo(property)).toBeUndefined();
});

/** Work by object: a shared disk that nobody lists may be told under another of its machines. */
const objectsOf = (body: PlanBody): ReadonlySet<string> =>
  new Set(
    stepsOf(body).flatMap(({ targets, covers, operation }) =>
      [...targets, ...covers].map(({ providerId }) => `${operation} ${providerId}`),
    ),
  );

/** Lowers cells of the whole provider or of one instance, beside what is lowered already. */
const withRestrictions = (request: PlanRequest, more: readonly Restriction[], id: string | undefined): PlanRequest => {
  const { facts } = request;
  const survey = id === undefined ? undefined : facts.surveys[id as InstanceId];
  if (survey === undefined || more.length === 2) {
    const restrictions = Object.fromEntries(
      Object.keys(facts.matrices).map((name) => [
        name,
        [...(new Map(Object.entries(facts.restrictions)).get(name) ?? []), ...more],
      ]),
    );
    return { ...request, facts: { ...facts, restrictions } };
  }
  const lowered = { ...survey, lowered: [...survey.lowered, ...more] };
  return { ...request, facts: { ...facts, surveys: { ...facts.surveys, [survey.instance]: lowered } } };
};
