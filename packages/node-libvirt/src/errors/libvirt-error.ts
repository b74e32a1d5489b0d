import type { RemoteError } from "../protocol/remote-error.ts";
import { errorNames, type ErrorName } from "./error-names.ts";

/**
 * The daemon answered the call with an error.
 *
 * `outcome` is `answered` when the daemon is done with the call; a call that failed half-way may still leave something behind.
 * It is `unknown` when the guest's agent did not answer (code 86): the command may lie in its channel, and the agent performs
 * it when it comes back. A freeze that failed so may freeze the guest minutes later (seen with libvirt 9.0).
 */
export class LibvirtError extends Error {
  readonly kind = "libvirt";
  readonly outcome: "answered" | "unknown";
  /** `virErrorNumber`, for example 42. */
  readonly code: number;
  /** The name of the code, for example `no-domain`; absent for a code that this package does not know. */
  readonly codeName: ErrorName | undefined;
  /** Which part of libvirt failed (`virErrorDomain`): 10 QEMU driver, 18 storage, 19 network, 7 RPC, ... */
  readonly domain: number;
  readonly level: "none" | "warning" | "error";
  /** Name of the procedure that failed, for example `DOMAIN_LOOKUP_BY_NAME`. */
  readonly procedure: string;
  /** The daemon's own text. */
  readonly daemonMessage: string;

  constructor(procedure: string, error: RemoteError) {
    const codeName = errorNames[error.code];
    const daemonMessage = error.message ?? "no message";
    super(`${procedure} failed: ${daemonMessage} (libvirt error ${error.code}${codeName ? `, ${codeName}` : ""})`);
    this.name = "LibvirtError";
    this.outcome = codeName === "agent-unresponsive" ? "unknown" : "answered";
    this.code = error.code;
    this.codeName = codeName;
    this.domain = error.domain;
    this.level = error.level === 1 ? "warning" : error.level === 0 ? "none" : "error";
    this.procedure = procedure;
    this.daemonMessage = daemonMessage;
  }
}

/** True for an answer of the daemon with one of these codes: `isLibvirtError(error, "no-domain")`. Without names, any code. */
export const isLibvirtError = (error: unknown, ...names: readonly ErrorName[]): error is LibvirtError =>
  error instanceof LibvirtError &&
  (names.length === 0 || (error.codeName !== undefined && names.includes(error.codeName)));
