import type { InstanceId, Restriction } from "@quiesce/core";
import type { CheckpointRef } from "@quiesce/node-libvirt";
import type { Domain } from "../api/domain.ts";
import type { Power } from "../api/power.ts";
import { snapshotLimits } from "../vm/snapshot-limits.ts";
import { checkpointReason } from "../vm/checkpoints.ts";
import type { AgentFacts } from "./agent.ts";

export interface VmFacts {
  readonly domain: Domain;
  readonly power: Power;
  readonly agent: AgentFacts;
  readonly persistent: boolean;
  readonly job: string | undefined;
  readonly checkpoints: readonly CheckpointRef[];
  /** Names of snapshots whose content lies in overlay files. */
  readonly external: readonly string[];
}

type Operation = "freeze" | "thaw" | "snapshot.create" | "snapshot.restore";

/** What this machine cannot do of what the plugin declares, each with its reason. */
export const loweredOf = (instance: InstanceId, facts: VmFacts): readonly Restriction[] => {
  const lower =
    (...operations: readonly Operation[]) =>
    (mode: Restriction["mode"], reason: string, fix?: string): readonly Restriction[] =>
      operations.map((operation) => ({
        cell: { kind: "vm", operation },
        instance,
        mode,
        reason,
        ...(fix === undefined ? {} : { fix }),
      }));
  return [
    ...agentLimits(facts.agent, lower("freeze", "thaw")),
    ...createLimits(facts, lower("snapshot.create")),
    ...restoreLimits(facts, lower("snapshot.restore")),
  ];
};

type Lower = (mode: Restriction["mode"], reason: string, fix?: string) => readonly Restriction[];

const agentLimits = (agent: AgentFacts, lower: Lower): readonly Restriction[] => {
  switch (agent.is) {
    case "ready":
      return [];
    case "idle":
      return lower("not-applicable", agent.reason);
    case "useless":
      return lower("no-api", agent.reason, agent.fix);
  }
};

const createLimits = ({ domain, power, persistent, job }: VmFacts, lower: Lower): readonly Restriction[] => [
  ...snapshotLimits(domain, power).flatMap(({ reason, fix }) => lower("no-api", reason, fix)),
  ...(persistent
    ? []
    : lower(
        "no-api",
        "The machine is transient: libvirt forgets its snapshots when it stops.",
        `Define it: virsh dumpxml ${domain.name} > ${domain.name}.xml; virsh define ${domain.name}.xml`,
      )),
  ...(job === undefined
    ? []
    : lower(
        "no-api",
        `A job holds the machine (${job}); a snapshot would wait for it and fail.`,
        `Wait for it, or, if nobody does, end it: virsh domjobabort ${domain.name}`,
      )),
];

const restoreLimits = ({ domain, checkpoints, external }: VmFacts, lower: Lower): readonly Restriction[] => [
  ...(checkpoints.length === 0 ? [] : lower("no-api", `Not possible now: ${checkpointReason(checkpoints)}`)),
  ...(external.length === 0
    ? []
    : lower(
        "no-api",
        `The machine has external snapshots (${external.join(", ")}), so its disks lie in overlay files that an internal snapshot does not know.`,
        `Merge them: virsh snapshot-delete ${domain.name} ${external[0] ?? ""}`,
      )),
];
