import { stepsOf, type InstanceId, type PlanBody, type Step, type StepKey, type Workflow } from "@quiesce/core";
import type { PlanRequest } from "../src/index.ts";

/** What is wrong with a plan, in words; an empty list when the law holds. */
export type Law = (body: PlanBody, request: PlanRequest) => readonly string[];

/** Where a step runs: a later stage is later; inside a stage only the links of one unit have an order. */
interface Place {
  readonly stage: number;
  readonly unit: string;
  readonly link: number;
}
type Places = ReadonlyMap<StepKey, Place>;

const placesOf = (body: PlanBody): Places => {
  const places = new Map<StepKey, Place>();
  body.stages.forEach(({ chains }, stage) => {
    for (const { unit, links } of chains)
      links.forEach((steps, link) => {
        for (const { key } of steps) places.set(key, { stage, unit, link });
      });
  });
  return places;
};

const runsBefore = (places: Places, first: StepKey, second: StepKey): boolean => {
  const [a, b] = [places.get(first), places.get(second)];
  if (a === undefined || b === undefined) return false;
  return a.stage < b.stage || (a.stage === b.stage && a.unit === b.unit && a.link < b.link);
};

const oneKeyEach: Law = (body) => {
  const keys = stepsOf(body).map(({ key }) => key);
  return new Set(keys).size === keys.length ? [] : [`keys repeat: ${keys.join(" ")}`];
};

const readsFromBefore: Law = (body) => {
  const places = placesOf(body);
  return stepsOf(body).flatMap((step) =>
    [...Object.values(step.reads), ...(step.does === "complete" ? [step.of] : [])]
      .filter((needed) => !runsBefore(places, needed, step.key))
      .map((needed) => `${step.key} needs ${needed}, which does not run before it`),
  );
};

const debtOf = (step: Step) => ("owes" in step ? step.owes : undefined);

const paysEachDebtOnce: Law = (body) => {
  const places = placesOf(body);
  const steps = stepsOf(body);
  const harms = new Map(steps.flatMap((step) => [[debtOf(step)?.key, step.key] as const]));
  harms.delete(undefined);
  const pays = Map.groupBy(
    steps.filter((step) => step.does === "pay"),
    ({ debt }) => debt,
  );
  const unpaid = [...harms.keys()].filter((debt) => debt !== undefined && pays.get(debt)?.length !== 1);
  const wrong = [...pays].flatMap(([debt, list]) =>
    list.filter(({ key }) => {
      const by = harms.get(debt);
      return by === undefined || !runsBefore(places, by, key) || places.get(by)?.unit !== places.get(key)?.unit;
    }),
  );
  return [
    ...unpaid.map((debt) => `${debt} has not exactly one payment`),
    ...wrong.map(({ key }) => `${key} pays what is not owed before it in its unit`),
  ];
};

const everyFreezeOwes: Law = (body) =>
  stepsOf(body)
    .filter((step) => step.operation === "freeze" && debtOf(step)?.harm !== "frozen")
    .map(({ key }) => `${key} freezes and owes no thaw`);

const capturesInsideTheWindow: Law = (body) => {
  if (body.workflow !== "backup") return [];
  const places = placesOf(body);
  const steps = stepsOf(body);
  const takes = steps.filter(({ does, operation }) => does !== "complete" && operation.endsWith(".create"));
  return steps.flatMap((step) =>
    takes
      .filter((take) => body.scope === "deployment" || places.get(take.key)?.unit === places.get(step.key)?.unit)
      .filter((take) => {
        if (step.operation === "freeze") return !runsBefore(places, step.key, take.key);
        return (step.does === "pay" || step.does === "complete") && !runsBefore(places, take.key, step.key);
      })
      .map((take) => `${take.key} is on the wrong side of ${step.key}`),
  );
};

const locksWhatItTouches: Law = (body) => {
  const sorted = [...new Set(body.locks)].sort();
  const touched = stepsOf(body).flatMap(({ targets, covers, provider }) =>
    provider === undefined ? [] : [...targets, ...covers].filter(({ kind }) => kind !== "other"),
  );
  return [
    ...(sorted.join(" ") === body.locks.join(" ") ? [] : ["the locks are not sorted or not unique"]),
    ...touched
      .filter(({ providerId }) => !body.locks.some((lock) => lock.endsWith(`/${providerId}`)))
      .map(({ instance }) => `${instance} is touched, but not locked`),
  ];
};

const told = (instance: string, operation: string): string => JSON.stringify([instance, operation]);

/** `[instance, operation]` of all that is done or covered. */
export const workOf = (body: PlanBody): ReadonlySet<string> =>
  new Set(
    stepsOf(body).flatMap(({ targets, covers, operation }) =>
      [...targets, ...covers].map(({ instance }) => told(instance, operation)),
    ),
  );

const mainOperation = (workflow: Workflow, { options }: PlanRequest): string =>
  ({
    suspend: "suspend",
    resume: "resume",
    backup: `${options.kind}.create`,
    restore: `${options.from?.kind}.restore`,
    remove_backup: `${options.from?.kind}.remove`,
  })[workflow];

const skipsNothingSilently: Law = (body, request) => {
  const { deployment, options, workflow } = request;
  const known = new Set([...workOf(body), ...body.omitted.map(({ instance, operation }) => told(instance, operation))]);
  const items = new Set<string>(options.from?.items.map(({ instance }) => instance));
  const operation = mainOperation(workflow, request);
  const due = Object.values(deployment.instances)
    .filter(({ id }) => !options.exclude.includes(id) && (options.include === "all" || options.include.includes(id)))
    .filter(({ id }) => workflow !== "remove_backup" || items.has(id))
    .flatMap(({ id, kind, bound, provider }) => {
      const hasColumn = kind === "vm" || kind === "other" || operation.includes(".") || Object.hasOwn(bound, operation);
      const freezes =
        workflow === "backup" && provider !== undefined && (kind === "vm" || Object.hasOwn(bound, "freeze"));
      return [...(hasColumn ? [told(id, operation)] : []), ...(freezes ? [told(id, "freeze")] : [])];
    });
  return due.filter((one) => !known.has(one)).map((one) => `nothing is said of ${one}`);
};

const keepsTheOrder: Law = (body, { deployment }) => {
  const orders = {
    suspend: [["suspend", true]],
    resume: [["resume", false]],
    backup: [
      ["freeze", true],
      ["thaw", false],
    ],
    restore: [],
    remove_backup: [],
  } as const satisfies Record<Workflow, readonly (readonly [string, boolean])[]>;
  const places = placesOf(body);
  return orders[body.workflow].flatMap(([operation, dependentsFirst]) => {
    const keys = new Map<InstanceId, StepKey>();
    for (const step of stepsOf(body)) if (step.operation === operation) keys.set(step.targets[0].instance, step.key);
    return Object.values(deployment.instances).flatMap(({ id, kind, relations }) =>
      relations.flatMap(({ type, to }) => {
        const [dependent, needed] = [keys.get(id), keys.get(to)];
        if (type === "attached_to" || dependent === undefined || needed === undefined) return [];
        const other = deployment.instances[to];
        if ((kind === "vm") !== (other?.kind === "vm")) return [];
        const alone = body.workflow === "backup" && body.scope === "instance";
        if (alone && places.get(dependent)?.unit !== places.get(needed)?.unit) return [];
        const [first, second] = dependentsFirst ? [dependent, needed] : [needed, dependent];
        return runsBefore(places, first, second) ? [] : [`${first} does not run before ${second}`];
      }),
    );
  });
};

/** What holds for every plan, whatever it was made from. */
export const planLaws: Readonly<Record<string, Law>> = {
  "has one key per step": oneKeyEach,
  "reads only from steps that run before": readsFromBefore,
  "pays each debt with exactly one later step of the same unit, and nothing else": paysEachDebtOnce,
  "owes a thaw for every freeze": everyFreezeOwes,
  "captures between the freeze and the thaw": capturesInsideTheWindow,
  "locks every object that it touches, sorted and once": locksWhatItTouches,
  "skips nothing silently: what is chosen is done, covered or left out with a reason": skipsNothingSilently,
  "works in the order of the relations": keepsTheOrder,
};
