import type { Operation, InstanceKind } from "../vocabulary/operation.ts";
import type { DeploymentId, InstanceId, ProviderName, Site } from "./id.ts";
import type { JsonObject } from "./json.ts";
import type { Some } from "./some.ts";

/** A whole system as read from a deployment file or a blueprint. Stored with each run; secrets are references. */
export interface Deployment {
  readonly id: DeploymentId;
  readonly providers: Readonly<Record<ProviderName, Provider>>;
  readonly instances: Readonly<Record<InstanceId, Instance>>;
}

/** One account at one endpoint. `config` is the plugin's own, checked by the plugin's schema when it is opened. */
export interface Provider {
  readonly plugin: string;
  readonly site: Site;
  readonly config: JsonObject;
  /** Calls of this account in flight at once, over all runs of a process. Default 8. */
  readonly parallel?: number;
}

export interface Instance {
  readonly id: InstanceId;
  readonly kind: InstanceKind;
  readonly provider?: ProviderName;
  /** Name or id at the provider, as the user wrote it; a survey turns it into the provider's own id. */
  readonly providerId?: string;
  readonly properties: JsonObject;
  readonly relations: readonly Relation[];
  /** Operations that a runner performs for this instance; a binding replaces the provider's cell. */
  readonly bound: { readonly [O in Operation]?: Some<Call> };
  readonly skip: readonly Operation[];
  readonly quiesce?: Quiesce;
}

/** `contained_in` and `attached_to` make one unit; the other two only order units. */
export interface Relation {
  readonly type: "contained_in" | "attached_to" | "connected_to" | "depends_on";
  readonly to: InstanceId;
}

/** One scripted call: which runner, and the runner's own arguments (checked by its schema before the run). */
export interface Call {
  readonly runner: string;
  readonly name: string;
  readonly with: JsonObject;
}

/** How much a freeze matters: `auto` demands one wherever the provider or a hook has one. */
export type Quiesce = "auto" | "required" | "try" | "off";
