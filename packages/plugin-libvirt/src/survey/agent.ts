import { isLibvirtError, type CallOptions, type DomainRef } from "@quiesce/node-libvirt";
import type { Domain } from "../api/domain.ts";
import type { Power } from "../api/power.ts";
import { isAgentAbsent } from "../client/agent-absent.ts";
import type { Reader } from "../client/session.ts";

/** Whether a guest can be frozen, asked before anything is. */
export type AgentFacts =
  | { readonly is: "ready"; readonly os: string | undefined }
  /** Nothing runs that could be frozen or thawed. */
  | { readonly is: "idle"; readonly reason: string }
  | { readonly is: "useless"; readonly reason: string; readonly fix: string };

export const agentFacts = async (
  { guest, agentSeconds }: Pick<Reader, "guest" | "agentSeconds">,
  ref: DomainRef,
  { agent, name }: Domain,
  power: Power,
  options: CallOptions,
): Promise<AgentFacts> => {
  if (power !== "running") return { is: "idle", reason: idleReason(power) };
  if (agent === "none") return { is: "useless", reason: `${name} has no channel for a guest agent.`, fix: channelFix };
  if (agent === "disconnected") return notConnected(name);
  try {
    if ((await guest.freezeStatus(ref, options)) === "frozen") return frozen(name);
    return { is: "ready", os: await guest.os(ref, options) };
  } catch (thrown) {
    if (isAgentAbsent(thrown)) return notConnected(name);
    // A dead connection says nothing of the guest.
    if (!isLibvirtError(thrown) || thrown.codeName === "no-domain") throw thrown;
    return {
      is: "useless",
      reason: `The guest agent of ${name} gave no answer within ${agentSeconds} s: ${thrown.daemonMessage}.`,
      fix: "Look into the guest: systemctl restart qemu-guest-agent",
    };
  }
};

const idleReason = (power: Exclude<Power, "running">): string =>
  power === "off"
    ? "The machine is off: its disks are at rest, and a capture is `offline` without a freeze."
    : `The machine is ${power}: nothing writes, but what its memory holds is not on its disks, so a capture is \`paused\`.`;

const channelFix =
  "Add <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel> with virsh edit, " +
  "start the machine again and install qemu-guest-agent in the guest.";

const notConnected = (name: string): AgentFacts => ({
  is: "useless",
  reason: `No guest agent is connected in ${name}.`,
  fix: "In the guest: install qemu-guest-agent and start it (systemctl enable --now qemu-guest-agent).",
});

const frozen = (name: string): AgentFacts => ({
  is: "useless",
  reason: `The guest ${name} is frozen already, by something else.`,
  fix: `When nothing else works on it: virsh domfsthaw ${name}`,
});
