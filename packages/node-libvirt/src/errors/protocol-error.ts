/**
 * The peer sent bytes that the protocol does not allow, or that this client does not know.
 * Nothing can be said about a call that was under way: treat its outcome as unknown.
 */
export class ProtocolError extends Error {
  readonly kind = "protocol";
  readonly outcome = "unknown";

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ProtocolError";
  }
}
