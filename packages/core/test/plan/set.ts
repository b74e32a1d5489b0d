import { asId } from "../../src/model/id.ts";
import type { Manifest, ManifestItem } from "../../src/model/manifest.ts";
import { providerIdOf } from "./world.ts";

/** What a set holds of an instance: one artefact, captured frozen. */
export const item = (instance: string, fields: Partial<ManifestItem> = {}): ManifestItem => ({
  instance: asId(instance),
  kind: "vm",
  provider: asId("hv"),
  providerId: providerIdOf(instance),
  status: "ok",
  consistency: "fs",
  artefacts: [{ kind: "snapshot", id: `artefact-of-${instance}`, owner: providerIdOf(instance), name: "nightly" }],
  saved: { power: "running" },
  ...fields,
});

export const set = (kind: Manifest["kind"], ...items: readonly ManifestItem[]): Manifest => ({
  schema: "quiesce.backup/1",
  id: asId("set-1"),
  name: "nightly",
  kind,
  deployment: asId("shop"),
  run: asId("run-1"),
  createdAt: asId("2026-01-02T03:04:05.000Z"),
  complete: true,
  items,
});
