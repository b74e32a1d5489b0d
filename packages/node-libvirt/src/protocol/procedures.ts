import type { EventMessage } from "./event-message.ts";
import { eventMessages } from "./event-message.ts";
import type { Procedure } from "./procedure.ts";
import { agentProcedures } from "./procedures/agent.ts";
import { blockJobProcedures } from "./procedures/block-job.ts";
import { checkpointProcedures } from "./procedures/checkpoint.ts";
import { domainBackupProcedures } from "./procedures/domain-backup.ts";
import { domainJobProcedures } from "./procedures/domain-job.ts";
import { domainProcedures } from "./procedures/domain.ts";
import { eventProcedures } from "./procedures/events.ts";
import { networkProcedures } from "./procedures/network.ts";
import { saveImageProcedures } from "./procedures/save-image.ts";
import { sessionProcedures } from "./procedures/session.ts";
import { snapshotProcedures } from "./procedures/snapshot.ts";
import { storagePoolProcedures } from "./procedures/storage-pool.ts";
import { storageVolumeProcedures } from "./procedures/storage-volume.ts";

/** Every procedure that this package knows. */
export const procedures = {
  ...sessionProcedures,
  ...domainProcedures,
  ...saveImageProcedures,
  ...domainJobProcedures,
  ...domainBackupProcedures,
  ...blockJobProcedures,
  ...agentProcedures,
  ...snapshotProcedures,
  ...checkpointProcedures,
  ...networkProcedures,
  ...storagePoolProcedures,
  ...storageVolumeProcedures,
  ...eventProcedures,
} as const;

export type Procedures = typeof procedures;
export type ProcedureName = keyof Procedures;

const key = (program: number, proc: number): string => `${program}/${proc}`;

const procedureByKey: ReadonlyMap<string, Procedure> = new Map(
  Object.values<Procedure>(procedures).map((procedure) => [key(procedure.program, procedure.proc), procedure]),
);

const eventByKey: ReadonlyMap<string, EventMessage> = new Map(
  Object.values<EventMessage>(eventMessages).map((event) => [key(event.program, event.proc), event]),
);

/** The procedure with a number, if this package knows it. */
export const findProcedure = (program: number, proc: number): Procedure | undefined =>
  procedureByKey.get(key(program, proc));

/** The event message with a number, if this package knows it. */
export const findEventMessage = (program: number, proc: number): EventMessage | undefined =>
  eventByKey.get(key(program, proc));
