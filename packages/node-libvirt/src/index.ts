export { connect, type ConnectOptions } from "./connect.ts";
export type { Libvirt, LibvirtReader, LibvirtRescue, LibvirtWriter } from "./libvirt.ts";
export type { Caller, CallOptions, CallReport, ReadCaller } from "./connection/caller.ts";

export { CallAbortedError, CallTimedOutError, ConnectionLostError, type CallOutcome } from "./errors/call-error.ts";
export { isClientError, type ClientError } from "./errors/client-error.ts";
export { ConnectError, type ConnectFailure } from "./errors/connect-error.ts";
export { EventsLostError } from "./errors/events-lost-error.ts";
export type { ErrorName } from "./errors/error-names.ts";
export { InvalidArgumentError } from "./errors/invalid-argument-error.ts";
export { isLibvirtError, LibvirtError } from "./errors/libvirt-error.ts";
export { ProtocolError } from "./errors/protocol-error.ts";
export { UriError } from "./errors/uri-error.ts";

export {
  guestInfoTypes,
  type AgentReader,
  type AgentWriter,
  type GuestFilesystem,
  type GuestTime,
} from "./api/agent.ts";
export type { AgentCommand, AgentTimeout } from "./api/agent-question.ts";
export { backupBeginFlags, type BackupReader, type BackupRequest, type BackupWriter } from "./api/backups.ts";
export {
  blockCommitFlags,
  blockJobAbortFlags,
  type BlockCommit,
  type BlockJob,
  type BlockJobReader,
  type BlockJobType,
  type BlockJobWriter,
} from "./api/block-jobs.ts";
export {
  checkpointCreateFlags,
  checkpointDeleteFlags,
  checkpointListFlags,
  checkpointXmlFlags,
  type CheckpointReader,
  type CheckpointWriter,
} from "./api/checkpoints.ts";
export * from "./api/domain-flags.ts";
export type { DomainState } from "./api/domain-state.ts";
export type { DomainReader, DomainWriter } from "./api/domains.ts";
export type { EventStream } from "./api/event-stream.ts";
export type {
  AgentLifecycleEvent,
  BlockJobEvent,
  EventSource,
  IoErrorEvent,
  JobCompletedEvent,
  LifecycleEvent,
  NetworkLifecycleEvent,
  PoolLifecycleEvent,
} from "./api/events.ts";
export type { EmulatorChoice, HostInfo, HostReader, Version } from "./api/host.ts";
export type { JobInfo, JobOperation, JobStats } from "./api/job-stats.ts";
export type { DomainHappening } from "./api/lifecycle-event.ts";
export {
  networkDefineFlags,
  networkListFlags,
  networkUpdateCommands,
  networkUpdateFlags,
  networkUpdateSections,
  networkXmlFlags,
  type DhcpLease,
  type NetworkReader,
  type NetworkUpdate,
  type NetworkWriter,
} from "./api/networks.ts";
export { poolListFlags, poolXmlFlags, type PoolInfo, type PoolReader, type PoolWriter } from "./api/pools.ts";
export {
  saveImageXmlFlags,
  type SaveImageReader,
  type SaveImageWriter,
  type SaveOptions,
  type SaveRequest,
} from "./api/save-images.ts";
export {
  snapshotCreateFlags,
  snapshotDeleteFlags,
  snapshotListFlags,
  snapshotRevertFlags,
  snapshotXmlFlags,
  type SnapshotReader,
  type SnapshotWriter,
} from "./api/snapshots.ts";
export {
  volumeCreateFlags,
  volumeResizeFlags,
  type VolumeInfo,
  type VolumeReader,
  type VolumeWriter,
} from "./api/volumes.ts";
export type { VolumeStreamOptions } from "./api/volume-stream.ts";
export type { StreamPart } from "./connection/stream-part.ts";
export type { CheckpointRef, DomainRef, NetworkRef, PoolRef, SnapshotRef, VolumeRef } from "./protocol/refs.ts";
export type { Params, TypedParam } from "./protocol/typed-params.ts";
export type { Dialer, Transport } from "./transport/transport.ts";
