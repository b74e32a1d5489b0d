/** Kinds that a provider serves; each is a table of the matrix. */
export const kinds = ["vm", "volume", "network"] as const;
export type Kind = (typeof kinds)[number];
/** `other`: a service inside a machine; it has operations only by binding. */
export type InstanceKind = Kind | "other";

export const verbs = [
  "snapshot.create",
  "snapshot.restore",
  "snapshot.remove",
  "backup.create",
  "backup.restore",
  "backup.remove",
] as const;
export type Verb = (typeof verbs)[number];

export const operations = ["suspend", "resume", "freeze", "thaw", ...verbs] as const;
export type Operation = (typeof operations)[number];
/** The columns of a kind's table: a volume or a network has no power state and nothing to freeze. */
export type OperationOf<K extends InstanceKind> = K extends "volume" | "network" ? Verb : Operation;

export const operationsOf = (kind: Kind): readonly Operation[] => (kind === "vm" ? operations : verbs);

export type Workflow = "suspend" | "resume" | "backup" | "restore" | "remove_backup";
export const workflows = ["suspend", "resume", "backup", "restore", "remove_backup"] as const;

/** *Snapshot*: tied to its parent, stores a difference. *Backup*: a full copy that outlives the original. */
export type BackupKind = "snapshot" | "backup";
