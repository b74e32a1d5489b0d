import type { InstanceId } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { InstanceKind } from "../vocabulary/operation.ts";

/** The object of one call: an instance and its id at the provider. Before a survey `providerId` is what the user wrote. */
export interface Target<K extends InstanceKind = InstanceKind> {
  readonly instance: InstanceId;
  readonly kind: K;
  readonly providerId: string;
  readonly properties: JsonObject;
  /** Provider ids of the volumes that this step must cover (by-vm and bypassed cells). */
  readonly covers: readonly string[];
}
