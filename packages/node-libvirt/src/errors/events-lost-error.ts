/** Events were missed: look at the state of things again, then subscribe anew. */
export class EventsLostError extends Error {
  readonly kind = "events-lost";
  readonly outcome = "unknown";
  /** Why, for example `closed by the daemon`. */
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(`Events of libvirt were missed (${reason}): look at the state again and subscribe anew`, options);
    this.name = "EventsLostError";
    this.reason = reason;
  }
}
