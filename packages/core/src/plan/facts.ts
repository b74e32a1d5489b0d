import type { Matrix, Restriction } from "../capability/capability.ts";
import type { Account, InstanceId, ProviderName } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { Manifest, RepositoryRef } from "../model/manifest.ts";
import type { Survey, Unsurveyed } from "../plugin/survey.ts";

/** All that planning knows of the world; read where the credentials are. Data only. */
export interface Facts {
  readonly matrices: Readonly<Record<ProviderName, Matrix>>;
  readonly restrictions: Readonly<Record<ProviderName, readonly Restriction[]>>;
  readonly surveys: Readonly<Record<InstanceId, Survey>>;
  /** Chosen instances that no survey could take. */
  readonly unsurveyed: Readonly<Record<InstanceId, Unsurveyed>>;
  /**
   * The account of each provider that was connected. Restore and removal need it for items of a set that no survey
   * describes any more; elsewhere the surveys name it.
   */
  readonly accounts?: Readonly<Record<ProviderName, Account>>;
  /** Calls in flight at once. Default 8 per account. */
  readonly limits: Readonly<Record<Account, number>>;
  /** What our suspend recorded, per instance, and nobody resumed yet. */
  readonly suspended: Readonly<Record<InstanceId, JsonObject>>;
  /** Every set of the deployment, newest first as the catalogue lists them: an increment needs one to start from, a removal must know who builds on what. */
  readonly sets?: readonly Manifest[];
  /** Where the bytes of this run go. */
  readonly repository?: RepositoryFacts;
  /** Names of the runners that are installed. */
  readonly runners: readonly string[];
}

export interface RepositoryFacts extends RepositoryRef {
  readonly freeBytes?: number;
}
