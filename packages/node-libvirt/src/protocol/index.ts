// The wire protocol by itself, for both sides of a connection: what a simulated daemon needs.
export { ProtocolError } from "../errors/protocol-error.ts";
export { InvalidArgumentError } from "../errors/invalid-argument-error.ts";
export { decodeXdr } from "./decode-xdr.ts";
export { encodeXdr } from "./encode-xdr.ts";
export { eventMessages, type EventMessage, type EventSubject } from "./event-message.ts";
export { FrameSplitter } from "./frame-splitter.ts";
export {
  decodeFrame,
  encodeFrame,
  type Frame,
  type FrameHeader,
  type MessageStatus,
  type MessageType,
} from "./frame.ts";
export { maxListItems, maxMessageBytes, maxStringBytes } from "./limits.ts";
export type { Effect, Procedure, StreamDirection, StreamProcedure } from "./procedure.ts";
export { findEventMessage, findProcedure, procedures, type ProcedureName, type Procedures } from "./procedures.ts";
export { keepaliveProcs, programs, protocolVersion } from "./programs.ts";
export {
  checkpointRef,
  domainRef,
  networkRef,
  poolRef,
  snapshotRef,
  volumeRef,
  type CheckpointRef,
  type DomainRef,
  type NetworkRef,
  type PoolRef,
  type SnapshotRef,
  type VolumeRef,
} from "./refs.ts";
export { remoteError, type RemoteError } from "./remote-error.ts";
export { maxStreamBytes, streamHole, type StreamHole } from "./stream.ts";
export { paramsToObject, typedParam, typedParams, type Params, type TypedParam } from "./typed-params.ts";
export { isUuid } from "./uuid.ts";
export * from "./xdr-type.ts";
