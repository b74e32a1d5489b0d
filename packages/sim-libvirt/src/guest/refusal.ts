/** A guest could not do what a test asked of it. `reason` is for tests to compare. */
export class GuestRefusal extends Error {
  override readonly name = "GuestRefusal";
  readonly reason: "frozen" | "not-running" | "no-disk";

  constructor(reason: GuestRefusal["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}
