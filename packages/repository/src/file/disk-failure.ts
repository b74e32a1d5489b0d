import { isProviderFailure, ProviderFailure, type ProviderErrorCode, type RetryAdvice } from "@quiesce/core";
import { errorCode } from "./error-code.ts";

interface Reason {
  readonly code: ProviderErrorCode;
  readonly says: string;
}

const forbidden: Reason = { code: "forbidden", says: "does not let this user read or write there" };
const absent: Reason = { code: "not-found", says: "does not have this file" };

const reasons: Readonly<Record<string, Reason>> = {
  ENOSPC: { code: "quota-exceeded", says: "is full. Make room there, or name another repository" },
  EDQUOT: { code: "quota-exceeded", says: "has used up its disk quota. Make room there, or name another repository" },
  EFBIG: { code: "quota-exceeded", says: "cannot hold a file of this size" },
  EACCES: forbidden,
  EPERM: forbidden,
  EROFS: { code: "forbidden", says: "is mounted read-only" },
  ENOENT: absent,
  ENOTDIR: absent,
  EIO: { code: "unavailable", says: "lies on a disk that reports an error" },
  ESTALE: { code: "unavailable", says: "lies on a network file system that lost it" },
  EMFILE: { code: "unavailable", says: "needs more open files than this process may have" },
};

/** Room, quotas and permissions need a person; the rest may pass. */
const adviceFor = (code: ProviderErrorCode): RetryAdvice =>
  code === "unavailable" ? { retry: "later" } : { retry: "never" };

/** Puts an error of the file system in plain words; a ProviderFailure and what the signal threw stay as they are. */
export const diskFailure = (location: string, what: string, error: unknown): unknown => {
  const reason = reasons[errorCode(error) ?? ""];
  if (isProviderFailure(error) || reason === undefined) return error;
  const message = `The repository ${location} ${reason.says} (${what}).`;
  return new ProviderFailure({ code: reason.code, advice: adviceFor(reason.code), message }, { cause: error });
};
