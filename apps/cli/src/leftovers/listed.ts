import type { Account, KeptSet, OwnedArtefact, OwnershipTag, Repository } from "@quiesce/core";

/** Something that carries a tag of Quiesce, as it was found where it lies. */
export type Listed = AtProvider | InRepository;

interface Named {
  /** What a command line calls it. */
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly tag: OwnershipTag;
  /** For people: the provider and its deployment, or the repository's folder. */
  readonly place: string;
}

export interface AtProvider extends Named {
  readonly at: "provider";
  readonly account: Account;
  readonly artefact: OwnedArtefact;
  discard(signal: AbortSignal): Promise<void>;
}

/** A set's folder in a repository; `whole`: with its manifest. */
export interface InRepository extends Named {
  readonly at: "repository";
  readonly repository: Repository;
  readonly whole?: KeptSet;
}

/** A place that could not be looked at to the end. */
export interface Unlooked {
  readonly place: string;
  readonly reason: string;
}

export interface Listing {
  readonly listed: readonly Listed[];
  readonly unlooked: readonly Unlooked[];
}
