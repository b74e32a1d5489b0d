import { encodeFrame, encodeXdr, remoteError, type FrameHeader, type XdrType } from "@quiesce/node-libvirt/protocol";
import { failure, Failure, toRemoteError } from "../failure/failure.ts";

/** A result, or, when it cannot be written, the error that this is. */
export const okReply = (to: FrameHeader, ret: XdrType, result: unknown): Buffer => {
  try {
    const body = encodeXdr(ret, ret.kind === "void" ? undefined : result);
    return encodeFrame({ ...to, type: "reply", status: "ok" }, body);
  } catch (error) {
    return errorReply(to, asFailure(error));
  }
};

export const errorReply = (to: FrameHeader, reason: Failure): Buffer =>
  encodeFrame({ ...to, type: "reply", status: "error" }, encodeXdr(remoteError, toRemoteError(reason)));

/** What went wrong, as an answer: a failure as it is, the operating system's error, any other as the simulator's own fault. */
export const asFailure = (error: unknown): Failure => {
  if (error instanceof Failure) return error;
  if (error instanceof Error && "syscall" in error) return failure("system-error", "none", error.message);
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return failure("internal-error", "none", `the simulator failed: ${text}`);
};
