import type { Restriction } from "../capability/capability.ts";
import type { Account, Digest, InstanceId } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { Some } from "../model/some.ts";
import type { Operation } from "../vocabulary/operation.ts";

/** Facts about one instance, read before planning. Data only, so that planning stays pure and a plan can be proved stale. */
export interface Survey {
  readonly instance: InstanceId;
  /** The provider's own id (uuid, path): what plans, locks and manifests hold. */
  readonly providerId: string;
  readonly name: string;
  /** The provider's word for its state, for people. */
  readonly state: string;
  readonly account: Account;
  /** Longest freeze that the guest bears before it thaws by itself. */
  readonly maxFreezeMs?: number;
  /** Changes exactly when a plan made from this survey would be wrong. */
  readonly fingerprint: Digest;
  /** Of a VM: each of its disks. */
  readonly disks: readonly Disk[];
  /** Provider ids of the VMs that hold this volume. */
  readonly attachedTo: readonly string[];
  readonly lowered: readonly Restriction[];
  /** For a cell that takes several calls, each revocable: the moves in order, shown in the plan and journaled one by one. */
  readonly recipes: { readonly [O in Operation]?: Some<Move> };
  /** Instances with the same key can be captured together in one provider call. */
  readonly group?: { readonly key: string; readonly operations: readonly GroupOperation[] };
  /** What the provider expects the calls to take; unknown ones are left out. */
  readonly estimate?: { readonly freezeMs?: number; readonly captureMs?: number; readonly thawMs?: number };
  /** Points from which an increment can start now (`Outcome.base` of earlier backups). */
  readonly bases?: readonly string[];
  /** Why the next backup has to be a full one, where the provider knows. */
  readonly noIncrement?: string;
  /** What a restore in place can be taken back by; planning shows it. */
  readonly recovery?: { readonly [O in "snapshot.restore" | "backup.restore"]?: RecoveryPoint };
  /** What is already there under our name or in our way, said by the dry run (managed save, foreign checkpoint). */
  readonly notes: readonly string[];
}

export type RecoveryPoint =
  | { readonly is: "old-disks" | "clone" | "image" | "snapshot"; readonly detail: string }
  | { readonly is: "none"; readonly reason: string };

/** A disk of a VM and whether the VM's own step takes its content. */
export interface Disk {
  /** The name inside the VM: `vda`. */
  readonly name: string;
  /** Provider id of the volume behind it, where it is one. */
  readonly volume?: string;
  /** Its size as the machine sees it. */
  readonly bytes?: number;
  /** Of a disk whose content Quiesce moves itself: what a full backup of it moves. */
  readonly usedBytes?: number;
  readonly captured: {
    readonly [O in GroupOperation]: { readonly by: "vm" } | { readonly by: "nobody"; readonly reason: string };
  };
}

export type GroupOperation = "snapshot.create" | "backup.create";

/** An instance that a survey could not take: planning refuses it, with the ids where there are several. */
export interface Unsurveyed {
  readonly instance: InstanceId;
  readonly is: "missing" | "ambiguous";
  readonly reason: string;
  readonly ids: readonly string[];
}

export type Surveyed = Survey | Unsurveyed;
export const isSurvey = (s: Surveyed): s is Survey => !("is" in s);

/** One revocable call of a recipe. */
export interface Move {
  readonly name: string;
  readonly title: string;
  readonly input: JsonObject;
  readonly undo?: string;
  readonly owes?: Harm;
  readonly risk: Risk;
}

/** `held`: a capture that is under way holds a job and scratch space at the provider. */
export type Harm = "frozen" | "stopped" | "suspended" | "detached" | "held";
export type Risk = "safe" | "disruptive" | "destructive";
