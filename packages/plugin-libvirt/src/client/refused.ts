import { ProviderFailure } from "@quiesce/core";
import { isClientError, isLibvirtError } from "@quiesce/node-libvirt";
import { isAgentAbsent } from "./agent-absent.ts";
import { problem } from "./problem.ts";

/**
 * Makes the one call of an act that does harm, and says so when it is proved that the daemon did nothing: the call never left,
 * or was refused before libvirt touched the guest. No other call may claim that, or a debt would be forgotten.
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
  if (thrown.kind !== "libvirt") return thrown.outcome === "not-sent";
  if (isAgentAbsent(thrown)) return true;
  if (isLibvirtError(thrown, "operation-timeout"))
    return thrown.daemonMessage.includes("cannot acquire state change lock");
  // The agent's own answer to a freeze while it is frozen.
  if (isLibvirtError(thrown, "internal-error")) return thrown.daemonMessage.includes("agent is in frozen state");
  return isLibvirtError(
    thrown,
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
  );
};
