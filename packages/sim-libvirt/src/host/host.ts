import type { Domain } from "../domain/domain.ts";
import type { Switchboard } from "../faults/switchboard.ts";
import type { Network } from "../network/network.ts";
import type { Pool } from "../storage/pool.ts";
import type { CallLog } from "../truth/call-log.ts";
import type { Clock } from "./clock.ts";
import type { HostEvents } from "./host-events.ts";
import type { HostSettings } from "./host-settings.ts";
import type { Random } from "./random.ts";

/** All that a simulated daemon knows. It outlives the sockets that it is reached by, as guests outlive a daemon's restart. */
export interface Host {
  readonly name: string;
  /** Folder of the host's files. */
  readonly dir: string;
  readonly clock: Clock;
  /** What it calls itself. */
  readonly driver: { readonly type: string; readonly uri: string };
  readonly random: Random;
  readonly domains: Map<string, Domain>;
  readonly networks: Map<string, Network>;
  readonly pools: Map<string, Pool>;
  readonly events: HostEvents;
  readonly faults: Switchboard;
  readonly calls: CallLog;
  settings: HostSettings;
  /** Id of the last domain that was started. */
  lastDomainId: number;
}
