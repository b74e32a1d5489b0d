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
  type Step,
  type StepKey,
} from "@quiesce/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyPlanRequest, anyRestriction, type PlanRequest, type Wildness } from "../src/index.ts";

const runs = { numRuns: 400 };
const made = ({ workflow, deployment, facts, options }: PlanRequest) => plan(workflow, deployment, facts, options);

/** Checks a property of every plan that can be made; requests that are refused are passed over. */
const forEveryPlan = (check: (body: PlanBody, request: PlanRequest) => void, wildness: Wildness = "sane"): void => {
  fc.assert(
    fc.property(anyPlanRequest(wildness), (request) => {
      const result = made(request);
      if (result.ok) check(result.value, request);
    }),
    runs,
  );
};

/** Where a step runs: a later stage is later; in a stage only links of one unit have an order. */
const placesOf = (body: PlanBody) =>
  new Map(
    body.stages.flatMap(({ chains }, stage) =>
      chains.flatMap(({ unit, links }) =>
        links.flatMap((steps, link) => steps.map((step) => [step.key, { stage, unit, link }] as const)),
      ),
    ),
  );
type Places = ReturnType<typeof placesOf>;
const runsBefore = (places: Places, first: StepKey, second: StepKey): boolean => {
  const [a, b] = [places.get(first), places.get(second)];
  if (a === undefined || b === undefined) return false;
  return a.stage < b.stage || (a.stage === b.stage && a.unit === b.unit && a.link < b.link);
};
const debtOf = (step: Step) => ("owes" in step ? step.owes : undefined);

test("the properties speak of something: most sane requests can be planned, for every workflow", () => {
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
  expect(steps.filter(({ covers }) => covers.length > 0).length).toBeGreaterThan(20);
});

test("planning is total: whatever it gets, it gives a plan or problems, and never throws", () => {
  fc.assert(
    fc.property(anyPlanRequest("wild"), (request) => {
      const result = made(request);
      if (result.ok) expect(planTree(result.value).length + planMermaid(result.value).length).toBeGreaterThan(0);
      else for (const { message } of result.problems) expect(message).not.toBe("");
    }),
    { numRuns: 2000 },
  );
});

test("the order of the input changes nothing", () => {
  fc.assert(
    fc.property(anyPlanRequest("wild"), fc.integer({ min: 1, max: 6 }), (request, by) => {
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
      expect(JSON.stringify(turned)).toBe(JSON.stringify(made(request)));
    }),
    runs,
  );
});

test("a sealed plan is the same after JSON", () => {
  fc.assert(
    fc.property(anyPlanRequest("sane"), ({ workflow, deployment, facts, options }) => {
      const result = makePlan(workflow, deployment, facts, options);
      if (result.ok) expect(isSealed(JSON.parse(JSON.stringify(result.value)))).toBe(true);
    }),
    runs,
  );
});

describe.each(["sane", "wild"] as const)("every %s plan", (wildness) => {
  test("has one key per step, and each step that another reads runs before it", () => {
    forEveryPlan((body) => {
      const steps = stepsOf(body);
      expect(new Set(steps.map(({ key }) => key)).size).toBe(steps.length);
      const places = placesOf(body);
      for (const step of steps)
        for (const needed of [...Object.values(step.reads), ...(step.does === "complete" ? [step.of] : [])])
          expect(runsBefore(places, needed, step.key)).toBe(true);
    }, wildness);
  });

  test("pays each debt with exactly one later step of the same unit, and nothing else", () => {
    forEveryPlan((body) => {
      const places = placesOf(body);
      const steps = stepsOf(body);
      const debts = steps.flatMap((step) => {
        const debt = debtOf(step);
        return debt === undefined ? [] : [{ key: debt.key, by: step.key }];
      });
      const pays = steps.flatMap((step) => (step.does === "pay" ? [{ debt: step.debt, key: step.key }] : []));
      expect(pays.map(({ debt }) => debt).sort()).toEqual(debts.map(({ key }) => key).sort());
      for (const { debt, key } of pays) {
        const by = debts.find((one) => one.key === debt)?.by;
        expect(by !== undefined && runsBefore(places, by, key) && places.get(by)?.unit === places.get(key)?.unit).toBe(
          true,
        );
      }
      for (const step of steps)
        if (step.operation === "freeze" && step.does !== "pay") expect(debtOf(step)?.harm).toBe("frozen");
    }, wildness);
  });

  test("captures what is frozen between the freeze and the thaw", () => {
    forEveryPlan((body) => {
      if (body.workflow !== "backup") return;
      const places = placesOf(body);
      const unitOf = (key: StepKey) => places.get(key)?.unit;
      const takes = stepsOf(body).filter(({ does, operation }) => does !== "complete" && operation.endsWith(".create"));
      for (const step of stepsOf(body))
        for (const take of takes) {
          if (unitOf(take.key) !== unitOf(step.key)) continue;
          if (step.operation === "freeze") expect(runsBefore(places, step.key, take.key)).toBe(true);
          if (step.does === "pay" || step.does === "complete")
            expect(runsBefore(places, take.key, step.key)).toBe(true);
        }
      if (body.scope !== "deployment") return;
      const last = Math.max(
        -1,
        ...stepsOf(body).flatMap((s) => (s.operation === "freeze" ? [places.get(s.key)?.stage ?? -1] : [])),
      );
      for (const take of takes) expect(places.get(take.key)?.stage).toBeGreaterThan(last);
    }, wildness);
  });

  test("locks every object that it touches, sorted and once", () => {
    forEveryPlan((body) => {
      expect(body.locks).toEqual([...new Set(body.locks)].sort());
      const ids = stepsOf(body).flatMap(({ targets, covers, provider }) =>
        provider === undefined
          ? []
          : [...targets, ...covers].flatMap((one) => (one.kind === "other" ? [] : [one.providerId])),
      );
      for (const id of ids) expect(body.locks.some((lock) => lock.endsWith(`/${id}`))).toBe(true);
    }, wildness);
  });

  test("skips nothing silently: what is chosen is done, covered or left out with a reason", () => {
    forEveryPlan((body, { workflow, deployment, options }) => {
      const told = toldBy(body);
      const operations = {
        suspend: ["suspend"],
        resume: ["resume"],
        backup: [`${options.kind}.create`],
        restore: [`${options.from?.kind}.restore`],
        remove_backup: [`${options.from?.kind}.remove`],
      }[workflow];
      const items = new Set<string>(options.from?.items.map(({ instance }) => instance));
      for (const instance of Object.values(deployment.instances)) {
        const { id, kind } = instance;
        if (options.exclude.includes(id) || (options.include !== "all" && !options.include.includes(id))) continue;
        if (workflow === "remove_backup" && !items.has(id)) continue;
        for (const operation of operations) {
          const hasColumn =
            kind === "vm" || kind === "other" || operation.includes(".") || Object.hasOwn(instance.bound, operation);
          if (hasColumn) expect(told).toContain(JSON.stringify([id, operation]));
        }
        const freezable = kind === "vm" || Object.hasOwn(instance.bound, "freeze");
        if (workflow === "backup" && freezable && instance.provider !== undefined)
          expect(told).toContain(JSON.stringify([id, "freeze"]));
      }
    }, wildness);
  });

  test("works in the order of the relations", () => {
    forEveryPlan((body, { deployment }) => {
      const places = placesOf(body);
      const stepsBy = Map.groupBy(stepsOf(body), ({ operation, does }) => (does === "pay" ? "thaw" : operation));
      const check = (operation: string, dependentsFirst: boolean) => {
        const keys = new Map<InstanceId, StepKey>();
        for (const step of stepsBy.get(operation) ?? []) keys.set(step.targets[0].instance, step.key);
        for (const { id, kind, relations } of Object.values(deployment.instances))
          for (const { type, to } of relations) {
            const [dependent, needed] = [keys.get(id), keys.get(to)];
            const sameStage = (kind === "vm") === (deployment.instances[to]?.kind === "vm");
            if (type === "attached_to" || dependent === undefined || needed === undefined || !sameStage) continue;
            expect(
              dependentsFirst ? runsBefore(places, dependent, needed) : runsBefore(places, needed, dependent),
            ).toBe(
              body.scope === "deployment" ||
                body.workflow !== "backup" ||
                places.get(dependent)?.unit === places.get(needed)?.unit,
            );
          }
      };
      if (body.workflow === "suspend") check("suspend", true);
      if (body.workflow === "resume") check("resume", false);
      if (body.workflow === "backup") {
        check("freeze", true);
        check("thaw", false);
      }
    }, wildness);
  });
});

test("a restriction never adds work", () => {
  fc.assert(
    fc.property(
      anyPlanRequest("sane"),
      fc.array(anyRestriction(), { minLength: 1, maxLength: 3 }),
      fc.nat(),
      (request, more, at) => {
        const ids = Object.keys(request.facts.surveys);
        const less = withRestrictions(request, more, ids[at % Math.max(1, ids.length)]);
        const [before, after] = [made(request), made(less)];
        if (!before.ok || !after.ok) return;
        const known = toldBy({ ...before.value, omitted: [] });
        for (const one of toldBy({ ...after.value, omitted: [] })) expect(known).toContain(one);
      },
    ),
    runs,
  );
});

/** `[instance, operation]` of all that is done, covered or left out. */
const toldBy = (body: PlanBody): ReadonlySet<string> =>
  new Set([
    ...stepsOf(body).flatMap(({ targets, covers, operation }) =>
      [...targets, ...covers].map(({ instance }) => JSON.stringify([instance, operation])),
    ),
    ...body.omitted.map(({ instance, operation }) => JSON.stringify([instance, operation])),
  ]);

/** Half of the requests lower the whole provider, half one instance. */
const withRestrictions = (request: PlanRequest, more: readonly Restriction[], id: string | undefined): PlanRequest => {
  const { facts } = request;
  const survey = id === undefined ? undefined : facts.surveys[id as InstanceId];
  if (survey === undefined || more.length === 2)
    return { ...request, facts: { ...facts, restrictions: { p0: more } as typeof facts.restrictions } };
  return {
    ...request,
    facts: { ...facts, surveys: { ...facts.surveys, [survey.instance]: { ...survey, lowered: more } } },
  };
};
