import type { Finding } from "@quiesce/core";
import type { CallOptions, DomainRef } from "@quiesce/node-libvirt";
import { readDomain } from "../api/domain.ts";
import { jobOf } from "../api/job.ts";
import { readMark, suspendedMark } from "../api/mark.ts";
import { powerOf, type Power } from "../api/power.ts";
import type { Reader } from "../client/session.ts";
import { agentFacts, type AgentFacts } from "../survey/agent.ts";
import { orUndefined } from "../client/or-undefined.ts";
import { foreignOf } from "../vm/foreign-checkpoints.ts";
import { listCheckpoints } from "../vm/our-checkpoint.ts";
import { clockFindings } from "./clock.ts";

/** Findings about one machine; none for one that is undefined meanwhile. */
export const machineFindings = async (
  read: Reader,
  ref: DomainRef,
  options: CallOptions,
): Promise<readonly Finding[]> => (await orUndefined(findings(read, ref, options), "no-domain")) ?? [];

const findings = async (read: Reader, ref: DomainRef, options: CallOptions): Promise<readonly Finding[]> => {
  const { domains } = read.libvirt;
  const [xml, power, job, checkpoints, mark] = await Promise.all([
    domains.xml(ref, 0, options),
    powerOf(read.libvirt, ref, options),
    jobOf(read.libvirt, ref, options),
    listCheckpoints(read, ref, options),
    readMark(read.libvirt, ref, suspendedMark, options),
  ]);
  const agent = await agentFacts(read, ref, readDomain(xml), power, options);
  const warn = (message: string, fix: string): Finding => ({ level: "warning", about: ref.name, message, fix });
  const names = foreignOf(checkpoints).map(({ checkpoint }) => checkpoint.name);
  return [
    ...agentFindings(ref, agent),
    ...(agent.is === "ready" ? await clockFindings(read, ref, options) : []),
    ...(job === undefined
      ? []
      : [
          warn(
            `A job holds it (${job}).`,
            `virsh domjobinfo ${ref.name}; if nobody waits: virsh domjobabort ${ref.name}`,
          ),
        ]),
    ...(names.length === 0
      ? []
      : [
          warn(
            `Checkpoints of another tool: ${names.join(", ")}. While there is one, it is not backed up and no snapshot is restored.`,
            `If nobody needs it any more: virsh checkpoint-delete ${ref.name} ${names[0] ?? ""}`,
          ),
        ]),
    ...(mark === undefined || !isAtRest(power)
      ? []
      : [
          warn(
            `Suspended by Quiesce (deployment ${mark["deployment"]}, run ${mark["run"]}) and not resumed.`,
            `quiesce resume ${mark["deployment"]}`,
          ),
        ]),
  ];
};

const isAtRest = (power: Power): boolean => power === "paused" || power === "asleep" || power === "saved";

const agentFindings = ({ name }: DomainRef, agent: AgentFacts): readonly Finding[] => {
  switch (agent.is) {
    case "idle":
      return [];
    case "ready":
      return [{ level: "ok", about: name, message: "The guest agent answers." }];
    case "useless":
      return [{ level: "warning", about: name, message: agent.reason, fix: agent.fix }];
  }
};
