import { agentCalls } from "./agent-calls.ts";
import { backupCalls } from "./backup-calls.ts";
import { blockJobCalls } from "./block-job-calls.ts";
import type { Handlers } from "./call.ts";
import { checkpointCalls } from "./checkpoint-calls.ts";
import { domainCalls } from "./domain-calls.ts";
import { eventCalls } from "./event-calls.ts";
import { jobCalls } from "./job-calls.ts";
import { metadataCalls } from "./metadata-calls.ts";
import { networkCalls } from "./network-calls.ts";
import { poolCalls } from "./pool-calls.ts";
import { powerCalls } from "./power-calls.ts";
import { saveCalls } from "./save-calls.ts";
import { saveImageCalls } from "./save-image-calls.ts";
import { sessionCalls } from "./session-calls.ts";
import { snapshotCalls } from "./snapshot-calls.ts";
import { undefineCalls } from "./undefine-calls.ts";
import { volumeCalls } from "./volume-calls.ts";

/** Every procedure that the simulator performs. */
export const handlers: Handlers = {
  ...sessionCalls,
  ...domainCalls,
  ...powerCalls,
  ...saveCalls,
  ...saveImageCalls,
  ...undefineCalls,
  ...metadataCalls,
  ...agentCalls,
  ...jobCalls,
  ...snapshotCalls,
  ...checkpointCalls,
  ...backupCalls,
  ...blockJobCalls,
  ...networkCalls,
  ...poolCalls,
  ...volumeCalls,
  ...eventCalls,
};
