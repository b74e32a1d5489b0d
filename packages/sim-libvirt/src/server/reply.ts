import { encodeFrame, encodeXdr, remoteError, type FrameHeader, type Procedure } from "@quiesce/node-libvirt/protocol";
import { failure, Failure, toRemoteError } from "../failure/failure.ts";

export const okReply = (to: FrameHeader, { ret }: Procedure, result: unknown): Buffer =>
  encodeFrame({ ...to, type: "reply", status: "ok" }, encodeXdr(ret, result));

export const errorReply = (to: FrameHeader, reason: Failure): Buffer =>
  encodeFrame({ ...to, type: "reply", status: "error" }, encodeXdr(remoteError, toRemoteError(reason)));

/** What went wrong, as an answer: a failure as it is, any other error as the simulator's own fault. */
export const asFailure = (error: unknown): Failure => {
  if (error instanceof Failure) return error;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return failure("internal-error", "none", `the simulator failed: ${text}`);
};
