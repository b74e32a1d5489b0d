import { procedures, type ProcedureName } from "@quiesce/node-libvirt/protocol";
import { errorCodes, errorDomains } from "../failure/error-codes.ts";
import { failure, Failure } from "../failure/failure.ts";
import type { Authentication } from "../host/host-settings.ts";

/** What a client may ask before it has opened a hypervisor. */
const beforeOpen: ReadonlySet<ProcedureName> = new Set([
  "authList",
  "authPolkit",
  "connectOpen",
  "connectClose",
] as const);

const readOnlyFlag = 1;
const secureFlag = 1;

export type Driver = "qemu" | "test";

/** Whether a connection may do what it asks: who it is, what it has opened, and for what. */
export class Door {
  readonly #authentication: () => Authentication;
  #known = false;
  #open = false;
  #readOnly = false;

  constructor(authentication: () => Authentication) {
    this.#authentication = authentication;
  }

  /** Why a call is refused before it is looked at; `undefined` when it may go on. */
  refusalOf(name: ProcedureName, args: unknown): Failure | undefined {
    if (name === "authPolkit") return this.#authenticate();
    if (name === "authList") return undefined;
    if (!this.#known && this.#authentication() !== "none") return failure("rpc", "rpc", "authentication required");
    if (!this.#open && !beforeOpen.has(name)) {
      return failure("internal-error", "rpc", "hypervisor connection not open");
    }
    if (this.#readOnly && !beforeOpen.has(name)) return readOnlyRefusal(name, args);
    return undefined;
  }

  /** Opens a driver, by the name of a URI. @throws {Failure} */
  open({ name = "", flags }: { readonly name?: string | undefined; readonly flags: number }): Driver {
    if (this.#open) {
      // As in the real daemon, which also closes what was open.
      this.#open = false;
      throw failure("internal-error", "rpc", "connection already open");
    }
    const driver = driverOf(name);
    if (driver === undefined) throw failure("no-connect", "none", name);
    this.#open = true;
    this.#readOnly = (flags & readOnlyFlag) !== 0;
    return driver;
  }

  #authenticate(): Failure | undefined {
    if (this.#authentication() === "polkit") {
      this.#known = true;
      return undefined;
    }
    const text = "authentication failed: access denied by policy";
    return new Failure(errorCodes["auth-failed"].code, errorDomains.rpc, text);
  }
}

/** Without a name the daemon chooses. */
const driverOf = (name: string): Driver | undefined => {
  if (name === "test:///default") return "test";
  return /^(qemu:\/{2,3}(system|session)?)?$/u.test(name) ? "qemu" : undefined;
};

const readOnlyRefusal = (name: ProcedureName, args: unknown): Failure | undefined => {
  if (procedures[name].effect === "write") {
    return failure("operation-denied", "domain", `read only access prevents ${functionOf(name)}`);
  }
  const flags = (args as { readonly flags?: number } | undefined)?.flags ?? 0;
  if (name !== "domainGetXmlDesc" || (flags & secureFlag) === 0) return undefined;
  return failure("operation-denied", "domain", "virDomainGetXMLDesc with secure flag");
};

/** The function of libvirt's library behind a procedure. */
const functionOf = (name: ProcedureName): string =>
  `vir${name.charAt(0).toUpperCase()}${name.slice(1)}`.replace("Xml", "XML").replace(/Fs(?=[A-Z])/u, "FS");
