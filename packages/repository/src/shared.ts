import type { BlockEngine } from "./block/block-engine.ts";
import type { Encoding } from "./block/job.ts";

/** What the parts of an open repository have in common. */
export interface Shared {
  /** Absolute path of the folder. */
  readonly root: string;
  /** The repository's id. */
  readonly repository: string;
  readonly encoding: Encoding;
  readonly engine: BlockEngine;
}
