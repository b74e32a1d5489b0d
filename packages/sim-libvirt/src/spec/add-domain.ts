import { createDomain } from "../domain/create-domain.ts";
import type { Domain } from "../domain/domain.ts";
import { normalizeDomain } from "../domain/normalize-domain.ts";
import { powerOn } from "../domain/power.ts";
import { writableDisksOf } from "../domain/domain-disks.ts";
import type { Host } from "../host/host.ts";
import { takeSnapshot } from "../snapshot/take-snapshot.ts";
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
  const domain = createDomain(host, normalizeDomain(domainFromSpec(host, spec), host.random));
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
  const disks = writableDisksOf(domain.config).map(({ target, format }) => ({
    name: target,
    included: format === "qcow2",
  }));
  const parent = [...domain.checkpoints.keys()].at(-1);
  const createdAt = Math.floor(host.clock.now() / 1000);
  domain.checkpoints.set(name, { name, description: undefined, parent, createdAt, disks });
};
