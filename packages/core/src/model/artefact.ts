import type { BackupId } from "./id.ts";
import type { Json, JsonObject } from "./json.ts";

/** What a run made at a provider (an image, a snapshot, a disk file). Addressed by `id`; `name` is a label. */
export interface Artefact {
  /** The provider's word for it: `domain-snapshot`, `image`, `volume-backup`. */
  readonly kind: string;
  readonly id: string;
  /** Provider id of the object that it was made from. */
  readonly owner: string;
  readonly name: string;
  readonly bytes?: number;
  /** Artefact id that this one needs in order to be restored. */
  readonly parent?: string;
  /** Exactly of a file in the set's repository: `StoredFile.sha256`. */
  readonly sha256?: string;
}

/** A file in a repository. `id` is its path below the repository's root and an artefact's id. */
export interface StoredFile {
  readonly id: string;
  /** Room that it takes. */
  readonly bytes: number;
  /** Of the content's index, or of the file itself where it has none. */
  readonly sha256: string;
  /** Id of the stored disk that it is a difference to. */
  readonly parent?: string;
}

/** What was achieved, best first. `paused`: guest memory was not written to disk, so it is not `offline`. */
export type Consistency = "app" | "fs" | "memory" | "offline" | "paused" | "crash";

/** Which loss an artefact outlives: of the guest, of the volume, of the storage backend, of the site. */
export type Survives = "instance" | "volume" | "backend" | "site";

/** One difference that a compare step found; nothing was changed. `path` is a JSON pointer. */
export interface Drift {
  readonly path: string;
  readonly stored: Json;
  readonly current: Json;
}

/** What a step did, as read back from the provider. Only `observe` may produce one. */
export interface Outcome {
  readonly artefacts: readonly Artefact[];
  readonly consistency?: Consistency;
  /** Provider ids of volumes that are really inside; a planned one that is missing here has failed. */
  readonly covered: readonly string[];
  /** Kept for the inverse: prior power state, number of frozen file systems, a definition. Never a secret. */
  readonly saved: JsonObject;
  /** Where the next increment can start: the provider's id of a point of change tracking (a checkpoint). */
  readonly base?: string;
  /** The set without which this one cannot be restored. */
  readonly parent?: BackupId;
  /** Of a restore in place: what it replaced and kept. */
  readonly recovery?: KeptPoint;
  /** What the user should read in the result: why a disk was stored whole, what was left out. */
  readonly notes?: readonly string[];
}

/** The way back from a restore. `kept` is the plugin's own: what its `undo` and `commit` need. Never a secret. */
export interface KeptPoint {
  /** `absent`: nothing was there before, so that the way back removes what the restore made. */
  readonly is: "old-disks" | "clone" | "image" | "snapshot" | "absent";
  /** For people: what is kept, and where. */
  readonly detail: string;
  /** Room that it takes, where it is known. */
  readonly bytes?: number;
  readonly kept: JsonObject;
}
