import { ConnectError } from "./connect-error.ts";

/** For whoever asks a client that was closed. */
export const clientClosed = (): ConnectError =>
  new ConnectError("closed", "This libvirt client was closed; connect again.");
