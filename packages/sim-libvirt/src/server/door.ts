import { procedures, type ProcedureName } from "@quiesce/node-libvirt/protocol";
import { errorCodes, errorDomains } from "../failure/error-codes.ts";
import { failure, Failure } from "../failure/failure.ts";

/** What a client may ask before it has opened a hypervisor. */
const beforeOpen: ReadonlySet<ProcedureName> = new Set([
  "authList",
  "authPolkit",
  "connectOpen",
  "connectClose",
] as const);

const readOnlyFlag = 1;

/** Whether a connection is open, and for what. Only QEMU's driver is behind it. */
export class Door {
  #open = false;
  #readOnly = false;

  get readOnly(): boolean {
    return this.#readOnly;
  }

  /** Why a call is refused before it is looked at; `undefined` when it may go on. Opening is done here. */
  refusalOf(name: ProcedureName, args: unknown): Failure | undefined {
    if (name === "connectOpen") return this.#openFor(args as { readonly name?: string; readonly flags: number });
    if (!this.#open && !beforeOpen.has(name)) return failure("internal-error", "rpc", "hypervisor connection not open");
    if (this.#readOnly && procedures[name].effect === "write" && !beforeOpen.has(name)) return readOnly();
    return undefined;
  }

  #openFor({ name, flags }: { readonly name?: string; readonly flags: number }): Failure | undefined {
    if (this.#open) {
      // As in the real daemon, which also closes what was open.
      this.#open = false;
      return failure("internal-error", "rpc", "connection already open");
    }
    if (name !== undefined && name !== "" && !/^qemu:\/{2,3}(system|session)?$/u.test(name)) {
      return failure("no-connect", "none", name);
    }
    this.#open = true;
    this.#readOnly = (flags & readOnlyFlag) !== 0;
    return undefined;
  }
}

const readOnly = (): Failure =>
  new Failure(
    errorCodes["operation-denied"].code,
    errorDomains.domain,
    "operation forbidden: read only access prevents this operation",
  );
