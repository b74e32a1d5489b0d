import type { ProviderError } from "@quiesce/core";
import type { NbdError } from "@quiesce/node-libvirt/nbd";

/** What a failed read of a backup's bytes means. Reading changes nothing, so each may be tried again but where it says why not. */
export const nbdProblem = ({ code, message }: NbdError): ProviderError => {
  switch (code) {
    case "connect":
    case "closed":
    case "server-error":
      return { code: "unavailable", advice: { retry: "later" }, message };
    case "timed-out":
    case "aborted":
      return { code: "timed-out", advice: { retry: "later" }, message };
    case "refused":
    case "unknown-export":
      return { code: "conflict", advice: { retry: "never" }, message };
    case "unsupported":
    case "invalid-argument":
      return { code: "invalid", advice: { retry: "never" }, message };
    case "protocol":
      return { code: "protocol", advice: { retry: "later" }, message };
  }
};
