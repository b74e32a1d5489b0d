/** A value that cannot be put on the wire. The call never left this process. */
export class InvalidArgumentError extends Error {
  readonly kind = "invalid-argument";
  readonly outcome = "not-sent";

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "InvalidArgumentError";
  }
}
