declare const brand: unique symbol;
/** A string that stands for one kind of thing; two kinds do not mix. */
export type Id<Name extends string> = string & { readonly [brand]: Name };

export type InstanceId = Id<"Instance">;
export type DeploymentId = Id<"Deployment">;
export type ProviderName = Id<"Provider">;
export type RunId = Id<"Run">;
export type StepKey = Id<"Step">;
export type DebtKey = Id<"Debt">;
export type UnitId = Id<"Unit">;
export type BackupId = Id<"Backup">;
/** Names a worker's place: the credentials and the network from which a provider is reached. */
export type Site = Id<"Site">;
/** One set of credentials at one endpoint; limits are counted per account. */
export type Account = Id<"Account">;
/** Content hash, `sha256:<hex>`. */
export type Digest = Id<"Digest">;
/** Wall-clock time, UTC, RFC 3339 with milliseconds. For people; never for measuring a duration. */
export type Instant = Id<"Instant">;

/** Gives a plain string its kind. The caller vouches for it: use it where the string enters, not in between. */
export const asId = <T extends Id<string>>(text: string): T => text as T;
