import type { Artefact } from "../model/artefact.ts";
import type { BackupId } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { Operation } from "./operation.ts";

/**
 * What core passes to each operation. A plugin's own options arrive beside it in `extra`, typed by the plugin's
 * schema. Values that exist only at run time (`froze`, `captured`) are filled from the outcomes that `Step.reads` names.
 */
export interface Inputs {
  /** `prior`: what an earlier suspend of ours recorded and nobody resumed yet; it must stay the recorded state. */
  suspend: { readonly prior?: JsonObject };
  /** `prior`: what suspend recorded in `Outcome.saved`; only that state is put back. */
  resume: { readonly prior: JsonObject };
  /** `guestTimerMs`: a guest that can arm its own thaw arms it for this long. */
  freeze: { readonly guestTimerMs: number };
  /** `froze`: what the freeze saved. `setClock`: the guest's clock is old, because it was restored. */
  thaw: { readonly froze?: JsonObject; readonly setClock: boolean };
  /** `memory`: keep the running state too, where the provider can. */
  "snapshot.create": { readonly memory: boolean };
  "snapshot.restore": Restore;
  "snapshot.remove": Remove;
  /**
   * `why`: the reason for a full one. `prepared`: what the capture's `prepare` gave. `captured`: while its bytes are moved, the
   * capture's `Outcome.saved`.
   */
  "backup.create": {
    readonly parent: ParentSet | "full";
    readonly why?: string;
    readonly prepared?: JsonObject;
    readonly captured?: JsonObject;
  };
  "backup.restore": Restore;
  "backup.remove": Remove;
}

/** The set that an increment is a difference to, as far as this instance goes. */
export interface ParentSet {
  readonly backup: BackupId;
  /** `Outcome.base` of its capture. */
  readonly base: string;
  readonly artefacts: readonly Artefact[];
}

export interface Restore {
  readonly from: readonly Artefact[];
  /** `Outcome.saved` of the capture. */
  readonly saved: JsonObject;
  readonly as:
    | { readonly place: "in-place" }
    | { readonly place: "new"; readonly name: string; readonly connect: boolean };
}

export interface Remove {
  readonly artefacts: readonly Artefact[];
  readonly saved: JsonObject;
}

/** Options that only the plugin knows (storage location, pause or managed save), checked by its schema. */
export type Input<O extends Operation, X> = Inputs[O] & { readonly extra: O extends keyof X ? X[O] : undefined };
