import type { DomainRef } from "@quiesce/node-libvirt";
import { backupJobsOf } from "./backup-jobs.ts";
import { checkpointsOf, snapshotsOf } from "./content.ts";
import type { Found, Looking } from "./found.ts";
import { staleMarkOf, standInOf, wokenMachineOf } from "./machines.ts";

/** All that is ours on a machine, in the order in which it can be removed. */
export const foundOn = async (c: Looking, domain: DomainRef): Promise<readonly Found[]> =>
  (await Promise.all(looks.map((look) => look(c, domain)))).flat();

const looks = [backupJobsOf, wokenMachineOf, standInOf, staleMarkOf, checkpointsOf, snapshotsOf];
