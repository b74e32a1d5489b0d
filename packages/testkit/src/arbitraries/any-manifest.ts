import fc from "fast-check";
import {
  asId,
  type Artefact,
  type BackupId,
  type BackupKind,
  type Consistency,
  type Deployment,
  type InstanceId,
  type Instant,
  type Manifest,
  type ManifestItem,
  type ProviderName,
  type RunId,
} from "@quiesce/core";
import { providerNames } from "./any-deployment.ts";
import { objectIdOf } from "./any-facts.ts";
import type { Wildness } from "./plan-request.ts";

const anyArtefacts = (owner: string): fc.Arbitrary<readonly Artefact[]> =>
  fc
    .uniqueArray(fc.constantFrom("a0", "a1", "a2"), { maxLength: 3 })
    .chain((ids) =>
      fc.tuple(
        ...ids.map((id) =>
          fc
            .option(fc.constantFrom("a0", "a1", "a2", "elsewhere"), { nil: undefined })
            .map((parent) => ({ kind: "snapshot", id, owner, name: id, ...(parent === undefined ? {} : { parent }) })),
        ),
      ),
    );

const anyItem = (id: string, deployment: Deployment, wildness: Wildness): fc.Arbitrary<ManifestItem> => {
  const listed = new Map(Object.entries(deployment.instances)).get(id);
  const kind = listed?.kind ?? "vm";
  const machines = Object.values(deployment.instances).filter((one) => one.kind === "vm");
  return fc
    .record({
      consistency: fc.constantFrom<Consistency>("app", "fs", "memory", "offline", "paused", "crash"),
      status: fc.constantFrom<ManifestItem["status"]>(
        "ok",
        ...(wildness !== "sane" ? (["captured", "failed"] as const) : []),
      ),
      window: fc.option(fc.integer({ min: 0, max: 1000 }), { nil: undefined }),
      artefacts: anyArtefacts(objectIdOf(id)),
      coveredBy: fc.option(fc.constantFrom("i0", "i1"), { nil: undefined }),
      moved: fc.boolean(),
    })
    .map(({ consistency, status, window, artefacts, coveredBy, moved }): ManifestItem => ({
      instance: asId<InstanceId>(id),
      kind,
      ...(kind === "other" ? {} : { provider: listed?.provider ?? asId<ProviderName>(providerNames[0]) }),
      providerId: wildness === "wild" && moved ? "another-object" : objectIdOf(id),
      status,
      consistency,
      ...(window === undefined ? {} : { freezeWindowMs: window }),
      artefacts,
      saved: { power: "running" },
      ...(kind !== "volume" || coveredBy === undefined || machines.length === 0
        ? {}
        : { coveredBy: machines[0]?.id ?? asId<InstanceId>(coveredBy) }),
    }));
};

/** A set of this deployment: an item for some of its instances, and for one that it does not list any more. */
export const anyManifest = (deployment: Deployment, wildness: Wildness): fc.Arbitrary<Manifest> => {
  const ids = Object.keys(deployment.instances);
  const chosen = wildness !== "sane" ? fc.subarray([...ids, "gone"]) : fc.constant(ids);
  return chosen
    .chain((list) => fc.tuple(...list.map((id) => anyItem(id, deployment, wildness))))
    .chain((items) =>
      fc
        .record({
          kind: fc.constantFrom<BackupKind>("snapshot", "backup"),
          complete: fc.boolean(),
          guarded: fc.integer({ min: 0, max: 9 }).map((one) => one === 0 && wildness !== "sane"),
        })
        .map(({ guarded, ...made }) => ({
          schema: "quiesce.backup/1" as const,
          id: asId<BackupId>("set-1"),
          name: "nightly",
          deployment: deployment.id,
          run: asId<RunId>("run-1"),
          createdAt: asId<Instant>("2026-01-02T03:04:05.000Z"),
          items,
          ...(guarded ? { protected: true as const } : {}),
          ...made,
        })),
    );
};
