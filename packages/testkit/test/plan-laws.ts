import {
  isPayment,
  stepsOf,
  type InstanceId,
  type ParentSet,
  type PlanBody,
  type Step,
  type StepKey,
  type Workflow,
} from "@quiesce/core";
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
  const pays = Map.groupBy(steps.filter(isPayment), ({ debt }) => debt);
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
  const around = new Set(["prepare", "complete", "release"]);
  const takes = steps.filter(({ does, operation }) => !around.has(does) && operation.endsWith(".create"));
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

const holdsAroundTheWindow: Law = (body) => {
  const places = placesOf(body);
  const steps = stepsOf(body);
  const isOf = (step: Step, capture: Step): boolean => step.targets[0].instance === capture.targets[0].instance;
  const sameWindow = (a: Step, b: Step): boolean =>
    body.scope === "deployment" || places.get(a.key)?.unit === places.get(b.key)?.unit;
  return steps.flatMap((step) => {
    const other = (wrong: (one: Step) => boolean) =>
      steps.filter(wrong).map(({ key }) => `${step.key} is on the wrong side of ${key}`);
    if (step.does === "prepare")
      return other(
        (one) => one.operation === "freeze" && sameWindow(one, step) && !runsBefore(places, step.key, one.key),
      );
    if (step.does === "release")
      return other((one) => one.does === "complete" && isOf(one, step) && !runsBefore(places, one.key, step.key));
    return [];
  });
};

const takesNothingTwice: Law = (body, { facts }) => {
  if (body.workflow !== "backup") return [];
  const captures = stepsOf(body).filter(({ does }) => does === "capture");
  const byMachine = new Set(
    captures.flatMap(({ targets: [{ instance, kind }], operation }) => {
      const survey = facts.surveys[instance];
      const disks = kind === "vm" && operation.endsWith(".create") ? (survey?.disks ?? []) : [];
      return disks
        .filter(({ captured }) => captured[operation === "snapshot.create" ? operation : "backup.create"].by === "vm")
        .map(({ volume }) => `${survey?.account}/${volume}`);
    }),
  );
  return captures
    .filter(
      ({ targets: [{ kind, providerId }], account }) => kind === "volume" && byMachine.has(`${account}/${providerId}`),
    )
    .map(({ key }) => `${key} takes what a machine takes with its own step`);
};

const buildsOnWholeSets: Law = (body, { facts, options, deployment }) =>
  stepsOf(body).flatMap(({ key, does, operation, input, targets: [{ instance, providerId }] }) => {
    if (does !== "capture" || operation !== "backup.create") return [];
    const parent = input["parent"] as unknown as ParentSet | "full";
    if (parent === "full")
      return options.incremental === (input["why"] !== undefined) || targetsNetwork(deployment, instance)
        ? []
        : [`${key} is full, and says no reason or one too many`];
    const at = facts.sets?.find(({ id }) => id === parent.backup);
    const item = at?.items.find((one) => one.instance === instance);
    const good =
      at?.complete === true &&
      at.kind === "backup" &&
      at.repository?.id === facts.repository?.id &&
      item?.status === "ok" &&
      item.base === parent.base &&
      item.providerId === providerId &&
      facts.surveys[instance]?.bases?.includes(parent.base) === true;
    return options.incremental && good ? [] : [`${key} builds on ${parent.backup}, which is no parent for it`];
  });

const targetsNetwork = (deployment: PlanRequest["deployment"], instance: InstanceId): boolean =>
  deployment.instances[instance]?.kind === "network";

const leavesTheOriginal: Law = (body, { options }) =>
  body.workflow === "restore" && options.as !== undefined
    ? stepsOf(body)
        .filter(
          (step) =>
            step.does !== "compare" && (step.does !== "cell" || step.risk !== "safe" || step.owes !== undefined),
        )
        .map(({ key }) => `${key} touches what runs, beside a restore under another name`)
    : [];

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
const workOf = (body: PlanBody): ReadonlySet<string> =>
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
  "prepares before the freezes and releases after the bytes have arrived": holdsAroundTheWindow,
  "takes no content twice": takesNothingTwice,
  "builds increments on whole sets of the same repository only, and says why it does not": buildsOnWholeSets,
  "restores under another name beside what runs": leavesTheOriginal,
  "locks every object that it touches, sorted and once": locksWhatItTouches,
  "skips nothing silently: what is chosen is done, covered or left out with a reason": skipsNothingSilently,
  "works in the order of the relations": keepsTheOrder,
};
