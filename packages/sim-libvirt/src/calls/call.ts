import type { EventSubject, ProcedureName, Procedures, XdrValue } from "@quiesce/node-libvirt/protocol";
import type { ServerStream } from "./server-stream.ts";
import type { Host } from "../host/host.ts";

/** What a call may know of its connection. */
interface CallSession {
  /** Opens a driver by its URI. @throws {Failure} */
  open(uri: string | undefined, flags: number): void;
  /** Starts sending an event to this connection; returns the id of the registration. */
  subscribe(subject: EventSubject, eventId: number, uuid: string | undefined): number;
  /** Called when the connection ends, however it does. */
  onEnd(callback: () => void): void;
  /** False when there is no such registration. */
  unsubscribe(subject: EventSubject, callbackId: number): boolean;
}

export interface Call {
  readonly host: Host;
  readonly procedure: ProcedureName;
  readonly session: CallSession;
  /** Bytes follow the answer. */
  readonly openStream: (stream: ServerStream) => void;
}

type Args<K extends ProcedureName> = XdrValue<Procedures[K]["args"]>;
type Ret<K extends ProcedureName> =
  undefined extends XdrValue<Procedures[K]["ret"]> ? void : XdrValue<Procedures[K]["ret"]>;

/** Performs procedures. What is thrown as a `Failure` is the daemon's answer. */
export type Handlers = {
  readonly [K in ProcedureName]?: (args: Args<K>, call: Call) => Ret<K> | Promise<Ret<K>>;
};
