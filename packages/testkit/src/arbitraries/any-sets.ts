import fc from "fast-check";
import {
  asId,
  type BackupId,
  type BackupKind,
  type DeploymentId,
  type InstanceId,
  type Instant,
  type Manifest,
  type ManifestItem,
  type ProviderName,
  type RunId,
} from "@quiesce/core";
import { providerNames } from "./any-deployment.ts";

/** The repository in which all sets lie. */
export const repositoryId = "repository-0";
const deployment = asId<DeploymentId>("shop");
const hourMs = 3_600_000;

/** Of a clock that runs, and of one that jumps between two sets. */
const anyPause = (jumps: boolean): fc.Arbitrary<number> =>
  fc.oneof(
    { arbitrary: fc.integer({ min: 1, max: 72 }), weight: 6 },
    fc.integer({ min: 24 * 20, max: 24 * 400 }),
    ...(jumps ? [fc.constantFrom(-2, 1, -24 * 30)] : []),
  );

const anyItem = (instance: string, at: number): fc.Arbitrary<ManifestItem> =>
  fc
    .record({
      status: fc.oneof(
        { arbitrary: fc.constant("ok" as const), weight: 14 },
        fc.constantFrom<ManifestItem["status"]>("captured", "failed"),
      ),
      back: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined, freq: 3 }),
    })
    .map(({ status, back }): ManifestItem => ({
      instance: asId<InstanceId>(instance),
      kind: "vm",
      provider: asId<ProviderName>(providerNames[0]),
      providerId: `object-${instance}`,
      status,
      consistency: "fs",
      artefacts: [{ kind: "disk", id: `s${at}/${instance}`, owner: `object-${instance}`, name: "vda" }],
      saved: {},
      base: `base-${at}`,
      // `s-1` is a set that nobody knows any more.
      ...(back === undefined || at - back < -1 ? {} : { parent: asId<BackupId>(`s${at - back}`) }),
    }));

const anySet = (at: number, instances: readonly string[]): fc.Arbitrary<Omit<Manifest, "createdAt">> =>
  fc
    .record({
      kind: fc.constantFrom<BackupKind>("backup", "backup", "backup", "snapshot"),
      complete: fc.integer({ min: 0, max: 11 }).map((one) => one > 0),
      guarded: fc.integer({ min: 0, max: 7 }).map((one) => one === 0),
      damaged: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
      items: fc.tuple(...instances.map((instance) => anyItem(instance, at))),
      held: fc.subarray([...instances], { minLength: Math.min(1, instances.length) }),
    })
    .map(({ kind, complete, guarded, damaged, items, held }) => ({
      schema: "quiesce.backup/1" as const,
      id: asId<BackupId>(`s${at}`),
      name: `s${at}`,
      kind,
      deployment,
      run: asId<RunId>(`run-${at}`),
      repository: { id: repositoryId, location: "/srv/backups" },
      complete,
      ...(guarded ? { protected: true as const } : {}),
      ...(damaged
        ? {
            checked: {
              at: asId<Instant>("2026-06-01T00:00:00.000Z"),
              bytes: 1,
              damage: [{ file: `s${at}/${instances[0]}`, reason: "differs" }],
            },
          }
        : {}),
      items: items.filter(({ instance }) => held.some((id) => id === instance)),
    }));

export interface SetsOptions {
  /** The clock went back now and then between two sets. Default false. */
  readonly jumps?: boolean;
  readonly instances?: readonly string[];
  /** The most sets. Default 14. */
  readonly maxLength?: number;
}

/**
 * The catalogue of one deployment, newest first: chains of increments that branch, miss a set or run over damage, some
 * sets protected, some that failed.
 */
export const anySets = ({ jumps = false, instances = ["db", "web"], maxLength = 14 }: SetsOptions = {}): fc.Arbitrary<
  readonly Manifest[]
> =>
  fc.array(anyPause(jumps), { maxLength }).chain((pauses) => {
    let now = Date.UTC(2026, 2, 28);
    const times = pauses.map((hours) => asId<Instant>(new Date((now += hours * hourMs)).toISOString()));
    return fc
      .tuple(...times.map((createdAt, at) => anySet(at, instances).map((set): Manifest => ({ ...set, createdAt }))))
      .map((sets) => sets.toReversed());
  });
