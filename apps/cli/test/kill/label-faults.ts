import type { Manifest } from "@quiesce/core";
import type { DomainTruth } from "@quiesce/sim-libvirt";
import { domainOf, type KillWorld } from "./kill-world.ts";

/** Contents that are called consistent and were not taken while the machine was frozen, as the simulator saw it. */
export const labelFaults = async (world: KillWorld): Promise<readonly string[]> => {
  const sets = await world.readStore((store) => store.catalogue.list({}));
  return sets.flatMap((set) => world.machines.flatMap((machine) => labelFault(world, set, machine)));
};

const labelFault = ({ hypervisor: { truth } }: KillWorld, set: Manifest, machine: string): readonly string[] => {
  const label = set.items.find(({ instance }) => instance === machine)?.consistency;
  if (label !== "fs") return [];
  const name = domainOf(machine);
  const taken = truth
    .calls({ procedure: "domainBackupBegin", object: name })
    .findLast(({ outcome }) => outcome !== "failed");
  if (taken !== undefined && truth.domain(name).freezeWindows.some((window) => holds(window, taken.at))) return [];
  return [`${machine} is called consistent, and was not frozen when it was taken`];
};

const holds = ({ from, to = Infinity }: DomainTruth["freezeWindows"][number], at: number): boolean =>
  from <= at && at <= to;
