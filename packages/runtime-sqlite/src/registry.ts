import type { DeploymentId, Instant } from "@quiesce/core";

/** A deployment that the user made known, so that commands can name it without its file. */
export interface Registered {
  readonly name: DeploymentId;
  /** Absolute path of the deployment file or blueprint. */
  readonly file: string;
  readonly addedAt: Instant;
}

/** The deployments that the user made known; kept in the store's file. */
export interface Registry {
  readonly deployments: {
    /** Replaces the entry of the same name. */
    put(registered: Registered): Promise<void>;
    get(name: DeploymentId): Promise<Registered | undefined>;
    /** By name. */
    list(): Promise<readonly Registered[]>;
    /** False when there was none. Runs and backups of the deployment stay. */
    remove(name: DeploymentId): Promise<boolean>;
  };
}
