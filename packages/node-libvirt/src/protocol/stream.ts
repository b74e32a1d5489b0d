import { hyper, struct, uint, type XdrValue } from "./xdr-type.ts";

/**
 * Bytes of a volume follow the call that names it, on the same connection, as messages of the types `stream` and `stream-hole`
 * with the call's program, number and serial, in this order:
 *
 * - The call, and its reply. An error in the reply: there is no stream.
 * - From the side that has the bytes: `stream` with status `continue` and up to `maxStreamBytes` bytes; in a stream that was asked
 *   to be sparse also `stream-hole` with status `continue`. In a download a `stream` with `continue` and no bytes ends them.
 * - The client ends the stream: `stream` with status `ok` and no body, which the daemon answers with the same.
 * - Either side may break it off: `stream` with status `error`. The daemon's has a `remoteError`. The client's has no body, and
 *   the daemon answers with an empty `stream` of status `ok` when it has stopped; or with an error, when stopping failed.
 */
export const streamHole = struct({ length: hyper, flags: uint });
export type StreamHole = XdrValue<typeof streamHole>;

/** Most bytes in one message of a stream (`VIR_NET_MESSAGE_LEGACY_PAYLOAD_MAX`): what every daemon and client can take. */
export const maxStreamBytes = 262_120;
