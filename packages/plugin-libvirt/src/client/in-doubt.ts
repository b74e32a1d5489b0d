import { isProviderFailure } from "@quiesce/core";
import { isClientError } from "@quiesce/node-libvirt";

/** Whether a call that failed may have taken effect, or may still: it was sent, and the daemon never answered. */
export const isInDoubt = (thrown: unknown): boolean => {
  if (isProviderFailure(thrown)) return thrown.problem.advice.retry === "observe-first";
  if (!isClientError(thrown)) return true;
  switch (thrown.kind) {
    case "timed-out":
    case "aborted":
    case "connection-lost":
      return thrown.outcome === "unknown";
    case "libvirt":
    case "connect":
    case "uri":
    case "invalid-argument":
      return false;
    case "events-lost":
    case "protocol":
      return true;
  }
};
