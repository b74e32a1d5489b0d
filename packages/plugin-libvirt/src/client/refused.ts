import { ProviderFailure } from "@quiesce/core";
import { isClientError, type ErrorName, type LibvirtError } from "@quiesce/node-libvirt";
import { isAgentAbsent } from "./agent-absent.ts";
import { problem } from "./problem.ts";

/**
 * Makes the one call of an act that does harm, and says so when it is proved that the daemon did nothing: the call never
 * left, or was refused before libvirt touched the guest. No other call may claim that, or a debt would be forgotten.
 */
export const refusable = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call();
  } catch (thrown) {
    if (!wasRefused(thrown)) throw thrown;
    throw new ProviderFailure({ ...problem(thrown), noEffect: true }, { cause: thrown });
  }
};

const wasRefused = (thrown: unknown): boolean => {
  if (!isClientError(thrown)) return false;
  return thrown.kind === "libvirt" ? refusedByDaemon(thrown) : thrown.outcome === "not-sent";
};

/** Answers that libvirt gives before it does anything, whatever the call. */
const refusals: ReadonlySet<ErrorName | undefined> = new Set<ErrorName>([
  "no-domain",
  "no-snapshot",
  "no-support",
  "operation-invalid",
  "operation-denied",
  "access-denied",
  "invalid-argument",
  "argument-unsupported",
  "agent-unsynced",
  "snapshot-revert-risky",
  "xml-error",
]);

/** Errors that libvirt gives for several things; the text tells which. */
const refusedByDaemon = (error: LibvirtError): boolean => {
  const { codeName, daemonMessage } = error;
  if (codeName === "operation-timeout") return daemonMessage.includes("cannot acquire state change lock");
  // The agent's own answer to a freeze while it is frozen.
  if (codeName === "internal-error") return daemonMessage.includes("agent is in frozen state");
  return isAgentAbsent(error) || refusals.has(codeName);
};
