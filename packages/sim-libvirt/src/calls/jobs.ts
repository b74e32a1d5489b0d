import type { ProcedureName } from "@quiesce/node-libvirt/protocol";
import { hasAgentChannel } from "../domain/agent-channel.ts";
import type { Domain } from "../domain/domain.ts";
import { mustBeActive } from "../domain/find-domain.ts";
import { failure } from "../failure/failure.ts";
import { performAgentCommand, type AgentArguments } from "../guest/agent-commands.ts";
import type { Call } from "./call.ts";

/** Runs a job that changes the domain, alone. */
export const monitorJob = <T>(domain: Domain, { host, procedure }: Call, job: () => Promise<T> | T): Promise<T> =>
  domain.monitorLock.run(`monitor=${dispatcherOf(procedure)}`, host.settings.lockWaitMs, job);

/** Runs a long job, alone: it waits for a backup too, which short jobs do not. */
export const asyncJob = <T>(domain: Domain, call: Call, job: () => Promise<T> | T): Promise<T> =>
  domain.asyncLock.run(`monitor=${dispatcherOf(call.procedure)}`, call.host.settings.lockWaitMs, () =>
    monitorJob(domain, call, job),
  );

/** Begins a job that goes on after its call, and holds the place of the long jobs until it has ended. */
export const lastingJob = async (
  domain: Domain,
  call: Call,
  begin: () => Promise<{ readonly ended: Promise<void> }>,
): Promise<void> => {
  const { promise: begun, resolve, reject } = Promise.withResolvers<void>();
  const { host, procedure } = call;
  domain.asyncLock
    .run(`monitor=${dispatcherOf(procedure)}`, host.settings.lockWaitMs, async () => {
      const { ended } = await monitorJob(domain, call, begin);
      resolve();
      await ended;
    })
    .catch(reject);
  await begun;
};

/** Runs a job with the agent, alone. */
export const agentJob = async <T>(domain: Domain, { host, procedure }: Call, job: () => Promise<T> | T): Promise<T> => {
  mustBeActive(domain);
  return domain.agentLock.run(`agent=${dispatcherOf(procedure)}`, host.settings.lockWaitMs, async () => {
    mustHaveAgent(domain);
    return job();
  });
};

/** Sends one command. Timeouts are libvirt's: seconds, -2 for no limit, -1 for 5 s. */
export const askAgent = (
  domain: Domain,
  timeout: number,
  execute: string,
  args: AgentArguments = {},
): Promise<unknown> =>
  domain.guest.agent.ask(timeoutMs(timeout), () => performAgentCommand(domain.guest, execute, args));

const mustHaveAgent = (domain: Domain): void => {
  mustBeActive(domain);
  if (domain.state.name !== "running") throw failure("operation-invalid", "qemu", "domain is not running");
  if (domain.live !== undefined && !hasAgentChannel(domain.live)) {
    throw failure("argument-unsupported", "qemu", "QEMU guest agent is not configured");
  }
  if (!domain.guest.agent.connected) {
    throw failure("agent-unresponsive", "qemu", "QEMU guest agent is not connected");
  }
};

const timeoutMs = (seconds: number): number => (seconds === -2 ? Infinity : seconds === -1 ? 5000 : seconds * 1000);

/** The daemon's function behind a procedure, as its messages name it. */
const dispatcherOf = (procedure: ProcedureName): string =>
  `remoteDispatch${procedure.charAt(0).toUpperCase()}${procedure.slice(1)}`
    .replace("Xml", "XML")
    .replace(/Fs(?=[A-Z])/u, "FS")
    .replace("Pm", "PM");
