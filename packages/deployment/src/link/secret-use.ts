import type { SecretReference } from "../secret/reference.ts";

/** A secret that the deployment needs, and the key that asks for it: `providers.vc1.password`. */
export interface SecretUse {
  readonly path: string;
  readonly reference: SecretReference;
}
