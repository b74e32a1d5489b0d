import type { OwnedArtefact, OwnershipTag } from "@quiesce/core";
import type { Reader, Writer } from "../client/session.ts";

/** An object of the host that provably is of Quiesce, and how it is removed. */
export interface Found {
  readonly artefact: OwnedArtefact;
  /** Called right after a look that found it. Absent by then is success. */
  remove(c: Removing): Promise<unknown>;
}

export interface Looking {
  readonly api: Pick<Reader, "libvirt">;
  readonly signal: AbortSignal;
}

export interface Removing {
  readonly api: Writer;
  readonly tag: OwnershipTag;
  readonly signal: AbortSignal;
  sleep(ms: number): Promise<void>;
}
