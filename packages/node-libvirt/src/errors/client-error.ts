import { CallAbortedError, CallTimedOutError, ConnectionLostError } from "./call-error.ts";
import { ConnectError } from "./connect-error.ts";
import { EventsLostError } from "./events-lost-error.ts";
import { InvalidArgumentError } from "./invalid-argument-error.ts";
import { LibvirtError } from "./libvirt-error.ts";
import { ProtocolError } from "./protocol-error.ts";
import { UriError } from "./uri-error.ts";

/**
 * Everything that this package throws, told apart by `kind`. `outcome` says what a mutating call may have done:
 * `answered` by the daemon, `not-sent`, or `unknown`.
 */
export type ClientError =
  | LibvirtError
  | CallTimedOutError
  | CallAbortedError
  | ConnectionLostError
  | EventsLostError
  | ConnectError
  | UriError
  | InvalidArgumentError
  | ProtocolError;

const classes = [
  LibvirtError,
  CallTimedOutError,
  CallAbortedError,
  ConnectionLostError,
  EventsLostError,
  ConnectError,
  UriError,
  InvalidArgumentError,
  ProtocolError,
];

export const isClientError = (error: unknown): error is ClientError => classes.some((type) => error instanceof type);
