import type { AgentReader, AgentWriter } from "./api/agent.ts";
import type { BackupReader, BackupWriter } from "./api/backups.ts";
import type { BlockJobReader, BlockJobWriter } from "./api/block-jobs.ts";
import type { CheckpointReader, CheckpointWriter } from "./api/checkpoints.ts";
import type { DomainReader, DomainWriter } from "./api/domains.ts";
import type { EventSource } from "./api/events.ts";
import type { HostReader } from "./api/host.ts";
import type { NetworkReader, NetworkWriter } from "./api/networks.ts";
import type { PoolReader, PoolWriter } from "./api/pools.ts";
import type { SaveImageReader, SaveImageWriter } from "./api/save-images.ts";
import type { SnapshotReader, SnapshotWriter } from "./api/snapshots.ts";
import type { Dialer } from "./transport/transport.ts";
import type { VolumeReader, VolumeWriter } from "./api/volumes.ts";

/** All calls that change nothing, and nothing else: neither the type nor the object has a call that does. */
export interface LibvirtReader {
  readonly host: HostReader;
  readonly domains: DomainReader;
  readonly agent: AgentReader;
  readonly snapshots: SnapshotReader;
  readonly checkpoints: CheckpointReader;
  readonly backups: BackupReader;
  readonly blockJobs: BlockJobReader;
  readonly saveImages: SaveImageReader;
  readonly networks: NetworkReader;
  readonly pools: PoolReader;
  readonly volumes: VolumeReader;
}

/** All calls. */
export interface LibvirtWriter extends LibvirtReader {
  /** The way to the daemon's machine, for other sockets there: NBD servers of pull backups. */
  readonly transport: Dialer;
  readonly domains: DomainReader & DomainWriter;
  readonly agent: AgentReader & AgentWriter;
  readonly snapshots: SnapshotReader & SnapshotWriter;
  readonly checkpoints: CheckpointReader & CheckpointWriter;
  readonly backups: BackupReader & BackupWriter;
  readonly blockJobs: BlockJobReader & BlockJobWriter;
  readonly saveImages: SaveImageReader & SaveImageWriter;
  readonly networks: NetworkReader & NetworkWriter;
  readonly pools: PoolReader & PoolWriter;
  readonly volumes: VolumeReader & VolumeWriter;
}

/** Calls that undo harm, on connections that nothing else uses: no hung call elsewhere can hold them back. */
export interface LibvirtRescue {
  readonly domains: Pick<
    DomainReader & DomainWriter,
    "byUuid" | "state" | "jobStats" | "resume" | "pmWakeup" | "start" | "abortJob"
  >;
  readonly blockJobs: Pick<BlockJobReader & BlockJobWriter, "info" | "abort">;
  readonly agent: Pick<AgentReader & AgentWriter, "fsfreezeStatus" | "setResponseTimeout" | "thaw" | "setTime">;
}

/** A client of one daemon. */
export interface Libvirt extends LibvirtWriter, AsyncDisposable {
  /** The reading half by itself, for code that must not change anything. */
  readonly reader: LibvirtReader;
  readonly rescue: LibvirtRescue;
  readonly events: EventSource;
  /** Ends all connections and with them every call and subscription. Until then the process stays alive. */
  close(): Promise<void>;
}
