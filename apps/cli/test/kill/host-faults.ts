import type { DomainTruth } from "@quiesce/sim-libvirt";
import { domainOf, type KillWorld } from "./kill-world.ts";

/** What a killed process may have left at the host, as the simulator itself sees it, past the protocol. */
export const hostFaults = (
  { hypervisor: { truth }, machines }: KillWorld,
  expected: { readonly state: DomainTruth["state"]; readonly volumes: readonly string[] },
): readonly string[] => {
  const volumes = truth.volumes().map(({ name }) => name);
  return [
    ...truth.frozen().map((name) => `${name} is frozen`),
    ...machines.flatMap((machine) => machineFaults(truth.domain(domainOf(machine)), expected.state)),
    ...volumes.filter((name) => !expected.volumes.includes(name)).map((name) => `the volume ${name} is left`),
    ...expected.volumes.filter((name) => !volumes.includes(name)).map((name) => `the volume ${name} is missing`),
  ];
};

const machineFaults = (domain: DomainTruth, state: DomainTruth["state"]): readonly string[] => [
  ...(domain.state === state ? [] : [`${domain.name} is ${domain.state}, not ${state}`]),
  ...(domain.backup === undefined ? [] : [`${domain.name} has a backup job`]),
  ...(domain.job === undefined ? [] : [`the job lock of ${domain.name} is held by ${domain.job}`]),
  ...Object.keys(domain.blockJobs).map((target) => `${domain.name} has a block job on ${target}`),
  ...(domain.managedSave ? [`${domain.name} has a managed save`] : []),
];
