import type { InstanceId, Restriction } from "@quiesce/core";
import type { Domain } from "../api/domain.ts";
import type { Power } from "../api/power.ts";
import { snapshotLimits } from "../vm/snapshot-limits.ts";
import { backupLimits } from "../vm/backup-limits.ts";
import { checkpointReason } from "../vm/checkpoints.ts";
import { foreignOf, foreignReason } from "../vm/foreign-checkpoints.ts";
import type { FoundCheckpoint } from "../vm/our-checkpoint.ts";
import type { AgentFacts } from "./agent.ts";

export interface VmFacts {
  readonly domain: Domain;
  readonly power: Power;
  readonly agent: AgentFacts;
  readonly persistent: boolean;
  readonly job: string | undefined;
  /** Newest first. */
  readonly checkpoints: readonly FoundCheckpoint[];
  /** Names of snapshots whose content lies in overlay files. */
  readonly external: readonly string[];
}

type Operation = "freeze" | "thaw" | "snapshot.create" | "snapshot.restore" | "backup.create";

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
    ...backupCreateLimits(facts, lower("backup.create")),
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
  ...jobLimits(domain.name, job, lower),
];

const jobLimits = (name: string, job: string | undefined, lower: Lower): readonly Restriction[] =>
  job === undefined
    ? []
    : lower(
        "no-api",
        `A job holds the machine (${job}); another one would wait for it and fail.`,
        `Wait for it, or, if nobody does, end it: virsh domjobabort ${name}`,
      );

const backupCreateLimits = ({ domain, power, job, checkpoints }: VmFacts, lower: Lower): readonly Restriction[] => {
  const foreign = foreignReason(checkpoints);
  return [
    ...backupLimits(domain, power).flatMap(({ reason, fix }) => lower("no-api", reason, fix)),
    ...jobLimits(domain.name, job, lower),
    ...(foreign === undefined ? [] : lower("no-api", foreign)),
  ];
};

const restoreLimits = ({ domain, checkpoints, external }: VmFacts, lower: Lower): readonly Restriction[] => [
  ...(foreignOf(checkpoints).length === 0
    ? []
    : lower("no-api", `Not possible now: ${checkpointReason(foreignOf(checkpoints).map(({ ref }) => ref))}`)),
  ...(external.length === 0
    ? []
    : lower(
        "no-api",
        `The machine has external snapshots (${external.join(", ")}), so its disks lie in overlay files that an internal snapshot does not know.`,
        `Merge them: virsh snapshot-delete ${domain.name} ${external[0] ?? ""}`,
      )),
];
