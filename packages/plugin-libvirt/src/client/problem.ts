import type { ProviderError, ProviderErrorCode, RetryAdvice } from "@quiesce/core";
import { isClientError, type ClientError, type ErrorName, type LibvirtError } from "@quiesce/node-libvirt";
import { NbdError } from "@quiesce/node-libvirt/nbd";
import { nbdProblem } from "./nbd-problem.ts";

const never: RetryAdvice = { retry: "never" };
const later: RetryAdvice = { retry: "later" };
const look: RetryAdvice = { retry: "observe-first" };

/** What a thrown thing means to the engine. */
export const problem = (thrown: unknown): ProviderError => {
  if (isClientError(thrown)) return ofClient(thrown);
  if (thrown instanceof NbdError) return nbdProblem(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  // Not the client's: a bug here or an abort of the caller. What was done meanwhile is not known.
  return { code: "protocol", advice: look, message: `libvirt plugin: ${message}` };
};

const ofClient = (error: ClientError): ProviderError => {
  const { message } = error;
  switch (error.kind) {
    case "libvirt":
      return ofDaemon(error);
    case "timed-out":
    case "aborted":
      return { code: "timed-out", advice: error.outcome === "not-sent" ? later : look, message };
    case "events-lost":
      return { code: "unavailable", advice: look, message };
    case "connection-lost":
      return { code: "unavailable", advice: error.outcome === "not-sent" ? later : look, message };
    case "connect":
      return ofConnect(error.failure, message);
    case "uri":
    case "invalid-argument":
      return { code: "invalid", advice: never, message };
    case "protocol":
      return { code: "protocol", advice: look, message };
  }
};

const ofConnect = (failure: string, message: string): ProviderError => {
  switch (failure) {
    case "authentication":
      return { code: "unauthenticated", advice: never, message };
    case "forbidden":
      return { code: "forbidden", advice: never, message };
    default:
      return { code: "unavailable", advice: later, message };
  }
};

interface Meaning {
  readonly code: ProviderErrorCode;
  readonly advice: RetryAdvice;
  readonly hint?: string;
}

const notFound: Meaning = { code: "not-found", advice: never };
const invalid: Meaning = { code: "invalid", advice: never };
const forbidden: Meaning = {
  code: "forbidden",
  advice: never,
  hint: "The user that connects needs the right to manage machines: the group libvirt, or the polkit action org.libvirt.unix.manage.",
};
const unauthenticated: Meaning = { ...forbidden, code: "unauthenticated" };
const busy: Meaning = {
  code: "unavailable",
  advice: later,
  hint: "Another job holds the machine (virsh domjobinfo shows it); it is tried again.",
};
/** What an error of the daemon means whatever was called. Codes that are missing here leave the outcome open. */
const meanings: { readonly [N in ErrorName]?: Meaning } = {
  "no-domain": notFound,
  "no-network": notFound,
  "no-storage-pool": notFound,
  "no-storage-volume": notFound,
  "no-snapshot": notFound,
  "no-checkpoint": notFound,
  "no-domain-metadata": notFound,
  "operation-invalid": { code: "conflict", advice: never },
  "operation-timeout": busy,
  "resource-busy": busy,
  "block-copy-active": busy,
  "no-support": invalid,
  "invalid-argument": invalid,
  "argument-unsupported": invalid,
  "config-unsupported": invalid,
  "operation-unsupported": invalid,
  "xml-error": invalid,
  "xml-invalid-schema": invalid,
  "snapshot-revert-risky": { code: "conflict", advice: never },
  "auth-failed": unauthenticated,
  "auth-cancelled": unauthenticated,
  "auth-unavailable": unauthenticated,
  "operation-denied": forbidden,
  "access-denied": forbidden,
  "agent-unresponsive": {
    code: "unavailable",
    advice: look,
    hint: "Start qemu-guest-agent in the guest (systemctl start qemu-guest-agent) and look whether it hangs.",
  },
  "agent-unsynced": { code: "unavailable", advice: later },
};

const ofDaemon = ({ codeName, code, procedure, daemonMessage }: LibvirtError): ProviderError => {
  const meaning = codeName && meanings[codeName];
  const { advice, hint } = meaning ?? { advice: look };
  const name = codeName === undefined ? `error ${code}` : `${codeName}, error ${code}`;
  return {
    code: meaning?.code ?? "unavailable",
    advice,
    message: [`libvirt refused ${procedure}: ${daemonMessage} (${name}).`, ...(hint === undefined ? [] : [hint])].join(
      " ",
    ),
  };
};
