import type { BlockJob } from "../block/block-job.ts";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import type { Drive } from "../disk/drive.ts";
import type { Guest } from "../guest/guest.ts";
import type { SavedRun } from "../saving/saved-run.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { XmlElement } from "../xml/element.ts";
import type { BackgroundJob, CompletedJob } from "./background-job.ts";
import type { DomainState } from "./domain-state.ts";
import type { JobLock } from "./job-lock.ts";

/** A domain as the daemon holds it. */
export interface Domain {
  readonly uuid: string;
  readonly name: string;
  readonly guest: Guest;
  /** Held by what changes the domain; a snapshot holds it until it is done. */
  readonly monitorLock: JobLock;
  /** Held by the long jobs: snapshot, revert, save, backup. Taken before the monitor lock. */
  readonly asyncLock: JobLock;
  /** Held while the agent is asked. */
  readonly agentLock: JobLock;
  readonly snapshots: Map<string, Snapshot>;
  readonly checkpoints: Map<string, Checkpoint>;
  /** -1 while it does not run. */
  id: number;
  state: DomainState;
  /** False for one that vanishes when it stops. */
  persistent: boolean;
  autostart: boolean;
  /** The definition for the next start. */
  config: XmlElement;
  /** The definition that runs. */
  live: XmlElement | undefined;
  /** The disks that the guest writes to, by target, while it runs. */
  drives: ReadonlyMap<string, Drive>;
  currentSnapshot: string | undefined;
  managedSave: SavedRun | undefined;
  /** Jobs on single disks, by target. */
  readonly blockJobs: Map<string, BlockJob>;
  job: BackgroundJob | undefined;
  completedJob: CompletedJob | undefined;
  /** Seconds; negative values as `virDomainAgentSetResponseTimeout` takes them. */
  agentTimeout: number;
}

export const isActive = (domain: Domain): boolean => domain.live !== undefined;
