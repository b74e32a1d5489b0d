import type { JsonObject, Operation, Plugin } from "@quiesce/core";
import type { FaultSwitchboard } from "../faults/fault.ts";

/**
 * A place where the cells of a plugin can be proved: a simulator, a lab with the real thing, a toy. It is told what
 * to make and is then asked for the truth, which it reads by other means than the plugin.
 */
export interface World {
  /** Shown in titles and proofs: `sim-libvirt`, `libvirt lab`. */
  readonly name: string;
  readonly plugin: Plugin;
  /** The provider block of a deployment file; planted secrets included. */
  readonly config: JsonObject;
  /** Planted secrets: none may appear in an event, an error, a row of the journal or a result. */
  readonly canaries: readonly string[];
  /** Makes new objects that no other scene shares. */
  make(wanted: SceneSize): Promise<Scene>;
  readonly faults?: WorldFaults;
  close(): Promise<void>;
}

export interface SceneSize {
  readonly vms: number;
  readonly volumesPerVm: number;
  readonly networks: number;
}

/** Faults on demand; worlds with the real thing have none. */
export interface WorldFaults {
  readonly board: FaultSwitchboard;
  /** The provider's own name of the call that each operation makes. */
  readonly callOf: { readonly [O in Operation]?: string };
  /** Of a backup whose capture holds something: the calls that make it and give it back. */
  readonly heldBy?: { readonly prepare: string; readonly release: string };
  /** A refusal of these calls is one that passes: the plugin must try again. */
  readonly transient: boolean;
}

export interface SceneVm {
  readonly providerId: string;
  readonly name: string;
  /** Provider ids of its volumes, as the plugin's survey names them. */
  readonly volumes: readonly string[];
}

export interface SceneNetwork {
  readonly providerId: string;
  readonly name: string;
}

export interface Scene {
  readonly vms: readonly SceneVm[];
  readonly networks: readonly SceneNetwork[];
  readonly truth: Truth;
  /** Removes what it made, whatever state it is in. */
  clean(): Promise<void>;
}

/** Read and changed behind the plugin's back. */
export interface Truth {
  /** `resting`: suspended in whatever way the provider has. */
  power(vm: SceneVm): Promise<"running" | "resting" | "off">;
  turnOff(vm: SceneVm): Promise<void>;
  isFrozen(vm: SceneVm): Promise<boolean>;
  /** The guest writes: what `contents` tells changes. */
  write(vm: SceneVm, text: string): Promise<void>;
  /** A digest of everything that the guest wrote. */
  contents(vm: SceneVm): Promise<string>;
  /** Ids or names of every artefact of the machine at its provider, whoever made it: snapshots, points of change tracking. */
  artefacts(vm: SceneVm): Promise<readonly string[]>;
  /** Removes one artefact behind our back. */
  removeArtefact(vm: SceneVm, artefact: string): Promise<void>;
  /** Makes an artefact as another tool would, with this name. */
  addForeign(vm: SceneVm, name: string): Promise<string>;
  /** Its user pauses it: the guest stands still with all that it has in memory. */
  pause?(vm: SceneVm): Promise<void>;
  /** From now on the guest has nothing that could be frozen. */
  loseFileSystems?(vm: SceneVm): Promise<void>;
  /** From now on lists come in pages of this size; those that repeat never come to an end. For a provider that has pages. */
  listInPages?(size: number, ends: "whole" | "repeating"): Promise<void>;
  /** Jobs and scratch space at the provider for backups of this machine, whoever made them. */
  held?(vm: SceneVm): Promise<readonly string[]>;
  /** Makes a point of change tracking as another tool would, with this name; `artefacts` tells its id too. */
  addForeignPoint?(vm: SceneVm, name: string): Promise<string>;
  /** What is known of the changes of one disk is lost, as in a crash; tells the disk's name. */
  loseTracking?(vm: SceneVm): Promise<string>;
  /** The process that runs the guest dies. */
  crash?(vm: SceneVm): Promise<void>;
  /** The machine is gone, with its disks and all that the provider knew of it. */
  destroy?(vm: SceneVm): Promise<void>;
  /** A machine that a restore made beside the scene's own; the scene's clean-up removes it too. */
  machine?(name: string): Promise<SceneVm | undefined>;
  changeNetwork?(network: SceneNetwork): Promise<void>;
  networkDefinition?(network: SceneNetwork): Promise<string>;
  /** Calls so far that change something, where the world counts them. */
  mutations?(): Promise<number>;
}
