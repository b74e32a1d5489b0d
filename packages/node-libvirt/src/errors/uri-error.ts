/** The connection URI cannot be read, or asks for something that this package does not do. The message never shows user, password or parameters. */
export class UriError extends Error {
  readonly kind = "uri";
  readonly outcome = "not-sent";

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UriError";
  }
}
