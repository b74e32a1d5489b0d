import type { Caller, CallOptions } from "../connection/caller.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import { procedures } from "../protocol/procedures.ts";
import type { DomainRef } from "../protocol/refs.ts";

/** A command for the agent inside a guest: QEMU guest agent protocol. */
export interface AgentCommand {
  readonly execute: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** How long the daemon waits for the agent: whole seconds, its own default (5 s), or without limit. */
export type AgentTimeout = number | "default" | "unlimited";

export const agentTimeoutSeconds = (timeout: AgentTimeout): number =>
  timeout === "unlimited" ? -2 : timeout === "default" ? -1 : timeout;

/** Sends a command and returns the agent's `return` value. */
export const sendAgentCommand = async (
  caller: Caller,
  domain: DomainRef,
  command: AgentCommand,
  timeout: AgentTimeout,
  options?: CallOptions,
): Promise<unknown> => {
  const args = { domain, command: JSON.stringify(command), timeout: agentTimeoutSeconds(timeout), flags: 0 };
  const { result } = await caller.call(procedures.qemuDomainAgentCommand, args, options);
  return parseResult(command.execute, result);
};

/** Commands that only look. The reading half of the client can send these, and no others. */
type AgentQuestion = "guest-ping" | "guest-fsfreeze-status";

export type AskAgent = (domain: DomainRef, question: AgentQuestion, options?: CallOptions) => Promise<unknown>;

export const agentQuestions =
  (caller: Caller): AskAgent =>
  (domain, execute, options) =>
    sendAgentCommand(caller, domain, { execute }, "default", options);

const parseResult = (command: string, result: string | undefined): unknown => {
  try {
    const parsed: unknown = JSON.parse(result ?? "");
    if (typeof parsed === "object" && parsed !== null && "return" in parsed) return parsed.return;
  } catch (error) {
    throw new ProtocolError(`the guest's answer to ${command} is no JSON`, { cause: error });
  }
  throw new ProtocolError(`the guest's answer to ${command} has no "return"`);
};
