import { beginCheckpoint, planCheckpoint } from "../checkpoint/create-checkpoint.ts";
import { readBitmaps, writeBitmaps } from "../disk/stored-bitmaps.ts";
import { createDomain } from "../domain/create-domain.ts";
import type { Domain } from "../domain/domain.ts";
import { normalizeDomain } from "../domain/normalize-domain.ts";
import { withNvram } from "../domain/nvram.ts";
import { powerOn } from "../domain/power.ts";
import { writableDisksOf } from "../domain/domain-disks.ts";
import type { Host } from "../host/host.ts";
import { takeSnapshot } from "../snapshot/take-snapshot.ts";
import { element } from "../xml/element.ts";
import { domainFromSpec } from "./domain-from-spec.ts";
import { domainSpecSchema, type DomainSpec, type DomainSpecInput } from "./spec.ts";

/** Adds domains, with what they have from the start; several for a spec with a count. */
export const addDomains = async (host: Host, input: DomainSpecInput): Promise<readonly Domain[]> => {
  const spec = domainSpecSchema.parse(input);
  const { count } = spec;
  if (count === undefined) return [await addDomain(host, spec)];
  const domains: Domain[] = [];
  for (let number = 1; number <= count; number++) {
    domains.push(await addDomain(host, { ...spec, name: `${spec.name}-${number}` }));
  }
  return domains;
};

const addDomain = async (host: Host, spec: DomainSpec): Promise<Domain> => {
  const domain = createDomain(host, withNvram(host, normalizeDomain(domainFromSpec(host, spec), host.random)));
  domain.autostart = spec.autostart;
  if (spec.guest !== undefined) domain.guest.set(spec.guest);
  if (spec.state !== "shutoff") start(host, domain, spec.state);
  for (const { name, description, external } of spec.snapshots) {
    const request = { name, description, memory: undefined, disks: [] };
    await takeSnapshot(host, domain, request, { diskOnly: external, halt: false });
  }
  for (const name of spec.checkpoints) addCheckpoint(host, domain, name);
  return domain;
};

const start = (host: Host, domain: Domain, state: "running" | "paused"): void => {
  powerOn(host, domain, domain.config);
  // A paused one has booted before it was paused.
  domain.guest.run();
  domain.state = { name: "running", reason: "booted" };
  if (state === "running") return;
  domain.guest.pause();
  domain.state = { name: "paused", reason: "user" };
};

const addCheckpoint = (host: Host, domain: Domain, name: string): void => {
  const disks = writableDisksOf(domain.config).filter(({ format }) => format === "qcow2");
  const xml = element(
    "domaincheckpoint",
    {},
    element("name", {}, name),
    element(
      "disks",
      {},
      disks.map(({ target }) => element("disk", { name: target })),
    ),
  );
  const checkpoint = planCheckpoint(host, domain, xml);
  if (domain.live !== undefined) return beginCheckpoint(domain, checkpoint);
  // One that was made in an earlier run: its bitmaps lie in the files.
  for (const { path } of disks) {
    const bitmaps = readBitmaps(path);
    bitmaps.good.set(name, new Set());
    writeBitmaps(path, bitmaps);
  }
  domain.checkpoints.set(name, checkpoint);
};
