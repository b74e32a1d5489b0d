import fc from "fast-check";
import {
  asId,
  kinds,
  operationsOf,
  type Account,
  type Deployment,
  type Digest,
  type Disk,
  type Facts,
  type Instance,
  type InstanceId,
  type JsonObject,
  type Kind,
  type RecoveryPoint,
  type RepositoryFacts,
  type Restriction,
  type Survey,
  type Unsurveyed,
} from "@quiesce/core";
import { anySets, repositoryId } from "./any-sets.ts";
import { anyMatrix } from "./any-matrix.ts";
import { providerNames, runnerNames } from "./any-deployment.ts";
import type { Wildness } from "./plan-request.ts";

/** The provider's id of an instance. Wild surveys may give two instances the same one. */
export const objectIdOf = (id: string): string => `object-${id}`;

const everyBase = ["base-0", "base-1", "base-2", "base-3", "base-4"];

const anyRepository = (wildness: Wildness): fc.Arbitrary<RepositoryFacts> =>
  fc.record(
    {
      id: wildness === "sane" ? fc.constant(repositoryId) : fc.constantFrom(repositoryId, repositoryId, "another"),
      location: fc.constant("/srv/backups"),
      freeBytes: fc.constantFrom(...(wildness === "wild" ? [0, -1, Number.NaN, 1000] : [10_000])),
    },
    { requiredKeys: ["id", "location"] },
  );

const anyRecovery = fc.constantFrom<RecoveryPoint>(
  { is: "old-disks", detail: "kept" },
  { is: "none", reason: "no room for two" },
);

const accountOf = (provider: string): Account => asId<Account>(`account-${provider}`);

/** What a connection or a survey takes away. */
export const anyRestriction = (cells: readonly Kind[] = kinds): fc.Arbitrary<Restriction> =>
  fc.constantFrom(...cells).chain((kind) =>
    fc.record({
      cell: fc.record({ kind: fc.constant(kind), operation: fc.constantFrom(...operationsOf(kind)) }),
      mode: fc.constantFrom("no-api", "not-applicable"),
      reason: fc.constant("not here"),
    }),
  );

const anyDisk = (name: string, volume: string | undefined, wildness: Wildness): fc.Arbitrary<Disk> => {
  const captured: fc.Arbitrary<Disk["captured"]["backup.create"]> = fc.constantFrom(
    { by: "vm" },
    ...(wildness !== "sane" ? [{ by: "nobody", reason: "raw" } as const] : []),
  );
  return fc.record({ "snapshot.create": captured, "backup.create": captured }).chain((both) =>
    fc.option(fc.integer({ min: 0, max: 2000 }), { nil: undefined }).map((usedBytes) => ({
      name,
      ...(volume === undefined ? {} : { volume }),
      ...(usedBytes === undefined ? {} : { usedBytes }),
      captured: both,
    })),
  );
};

const anySurvey = (instance: Instance, deployment: Deployment, wildness: Wildness): fc.Arbitrary<Survey> => {
  const { id, kind, provider = asId(providerNames[0]) } = instance;
  const all = Object.values(deployment.instances);
  const attached = (from: Instance, to: InstanceId) =>
    from.relations.some((relation) => relation.type === "attached_to" && relation.to === to);
  const volumes = all.filter((one) => one.kind === "volume" && attached(one, id)).map((one) => objectIdOf(one.id));
  const machines = all
    .filter((one) => one.kind === "vm" && attached(instance, one.id))
    .map((one) => objectIdOf(one.id));
  const shown = wildness !== "sane" ? fc.subarray([...volumes, objectIdOf("i0"), "stranger"]) : fc.constant(volumes);
  const disks = shown.chain((list) =>
    fc.tuple(anyDisk("vda", undefined, wildness), ...list.map((volume, at) => anyDisk(`vd${at}`, volume, wildness))),
  );
  return fc
    .record({
      disks,
      attachedTo:
        wildness !== "sane" ? fc.subarray([...machines, objectIdOf("i1"), "stranger"]) : fc.constant(machines),
      lowered: fc.array(anyRestriction(), { maxLength: wildness === "sane" ? 0 : 2 }),
      maxFreezeMs: fc.option(fc.integer({ min: wildness === "wild" ? -1 : 1000, max: 60_000 }), { nil: undefined }),
      captureMs: fc.integer({ min: 0, max: wildness === "sane" ? 10 : 4000 }),
      twin: fc.boolean(),
      bases: fc.constantFrom(everyBase, everyBase, everyBase.slice(0, 2), [], undefined),
      noIncrement: fc.constantFrom(undefined, undefined, undefined, "its bitmap is broken."),
      recovery: fc.option(anyRecovery, { nil: undefined }),
    })
    .map(({ disks, attachedTo, lowered, maxFreezeMs, captureMs, twin, bases, noIncrement, recovery }) => ({
      instance: id,
      providerId: wildness !== "sane" && twin ? objectIdOf("i0") : objectIdOf(id),
      name: id,
      state: "running",
      account: accountOf(provider),
      ...(maxFreezeMs === undefined ? {} : { maxFreezeMs }),
      fingerprint: asId<Digest>(`sha256:${id}`),
      disks: kind === "vm" ? disks : [],
      attachedTo: kind === "volume" ? attachedTo : [],
      lowered,
      recipes: {},
      estimate: { freezeMs: 1, captureMs, thawMs: 1 },
      notes: [],
      ...(bases === undefined ? {} : { bases }),
      ...(noIncrement === undefined ? {} : { noIncrement }),
      ...(recovery === undefined
        ? {}
        : { recovery: { "backup.restore": recovery, "snapshot.restore": recovery } as const }),
    }));
};

const anyUnsurveyed = (id: InstanceId): fc.Arbitrary<Unsurveyed> =>
  fc.record({
    instance: fc.constant(id),
    is: fc.constantFrom("missing", "ambiguous"),
    reason: fc.constant("no such object"),
    ids: fc.subarray(["u1", "u2"]),
  });

/** Facts about a deployment. Sane ones describe every instance that has a provider. */
export const anyFacts = (deployment: Deployment, wildness: Wildness): fc.Arbitrary<Facts> => {
  const instances = Object.values(deployment.instances);
  const served = instances.filter(({ provider }) => provider !== undefined);
  const wild = wildness === "wild";
  const surveys = fc.tuple(...served.map((instance) => anySurvey(instance, deployment, wildness)));
  const unsurveyed = fc.tuple(...served.map(({ id }) => anyUnsurveyed(id)));
  const suspended = fc.subarray(instances.map(({ id }) => id));
  return fc
    .record({
      matrices: fc.tuple(anyMatrix(wildness), anyMatrix(wildness)),
      restrictions: fc.array(anyRestriction(), { maxLength: wildness === "sane" ? 0 : 2 }),
      surveys,
      unsurveyed,
      lost: fc.subarray(
        served.map(({ id }) => id),
        { maxLength: wild ? served.length : 0 },
      ),
      suspended,
      runners: wild ? fc.subarray([...runnerNames]) : fc.constant([...runnerNames]),
      limit: fc.integer({ min: 1, max: 4 }),
      known: fc.boolean(),
      sets: fc.option(anySets({ jumps: wildness !== "sane", instances: served.map(({ id }) => id), maxLength: 5 }), {
        nil: undefined,
      }),
      repository: fc.option(anyRepository(wildness), { nil: undefined, freq: 6 }),
    })
    .map((made): Facts => {
      const lost = new Set(made.lost);
      return {
        matrices: Object.fromEntries(providerNames.map((name, at) => [name, made.matrices[at] ?? made.matrices[0]])),
        restrictions: Object.fromEntries([[providerNames[0], made.restrictions]]),
        surveys: Object.fromEntries(
          made.surveys.filter(({ instance }) => !lost.has(instance)).map((one) => [one.instance, one]),
        ),
        unsurveyed: Object.fromEntries(
          made.unsurveyed.filter(({ instance }) => lost.has(instance)).map((one) => [one.instance, one]),
        ),
        limits: Object.fromEntries(providerNames.map((name) => [accountOf(name), made.limit])),
        ...(wild && made.known
          ? {}
          : { accounts: Object.fromEntries(providerNames.map((name) => [name, accountOf(name)])) }),
        suspended: Object.fromEntries(made.suspended.map((id): [InstanceId, JsonObject] => [id, { power: "running" }])),
        runners: made.runners,
        ...(made.sets === undefined ? {} : { sets: made.sets }),
        ...(made.repository === undefined ? {} : { repository: made.repository }),
      };
    });
};
