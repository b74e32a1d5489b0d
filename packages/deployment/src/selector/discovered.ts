import type { Kind } from "@quiesce/core";

/** What a provider lists; core's `Connection.discover` yields these, and may add `tags`. */
export interface Discovered {
  readonly kind: Kind;
  readonly providerId: string;
  readonly name: string;
  readonly attachedTo?: string;
  /** Left out by a provider that has no tags. */
  readonly tags?: readonly string[];
}
