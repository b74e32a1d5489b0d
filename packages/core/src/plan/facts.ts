import type { Matrix, Restriction } from "../capability/capability.ts";
import type { Account, InstanceId, ProviderName } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { Survey, Unsurveyed } from "../plugin/survey.ts";

/** All that planning knows of the world; read where the credentials are. Data only. */
export interface Facts {
  readonly matrices: Readonly<Record<ProviderName, Matrix>>;
  readonly restrictions: Readonly<Record<ProviderName, readonly Restriction[]>>;
  readonly surveys: Readonly<Record<InstanceId, Survey>>;
  /** Chosen instances that no survey could take. */
  readonly unsurveyed: Readonly<Record<InstanceId, Unsurveyed>>;
  readonly limits: Readonly<Record<Account, number>>;
  /** What our suspend recorded, per instance, and nobody resumed yet. */
  readonly suspended: Readonly<Record<InstanceId, JsonObject>>;
  /** Names of the runners that are installed. */
  readonly runners: readonly string[];
}
