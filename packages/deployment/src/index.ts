// The inventory of the package's public API.
export { readDeployment } from "./read-deployment.ts";
export type { DeploymentText, ReadDeployment } from "./read-deployment.ts";
export { fillFromEnvironment } from "./fill-from-environment.ts";

export type { Rate } from "./schema/rate.ts";
export type { Expectation } from "./schema/selector.ts";
export { deploymentJsonSchema } from "./schema/json-schema.ts";

export type { HookAction, HookCommand, ScriptCall, SelfThaw, TerminalCall } from "./link/hook-call.ts";
export type { ProviderTuning } from "./link/link-providers.ts";
export type { Selector } from "./link/link-selectors.ts";
export type { SecretUse } from "./link/secret-use.ts";

export { resolveSelectors } from "./selector/resolve-selectors.ts";
export type { Discover } from "./selector/resolve-selectors.ts";
export type { Discovered } from "./selector/discovered.ts";

export { redactor } from "./secret/redactor.ts";
export type { SecretEnvironment } from "./secret/read-reference.ts";
export type { SecretReference } from "./secret/reference.ts";
export { resolveSecrets } from "./secret/resolve-secrets.ts";
export type { ResolvedConfig } from "./secret/resolve-secrets.ts";
