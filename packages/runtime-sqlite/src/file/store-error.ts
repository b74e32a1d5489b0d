import { QuiesceError, type QuiesceErrorCode } from "@quiesce/core";

interface Explanation {
  readonly code: QuiesceErrorCode;
  readonly message: string;
  readonly hint: string;
}

const busy = 5;

/** By SQLite's primary result code (sqlite.org/rescode.html). */
const explanations: ReadonlyMap<number | undefined, Explanation> = new Map([
  [
    busy,
    {
      code: "locked",
      message: "is busy: another process is writing to it",
      hint: "Try again when the other command has ended.",
    },
  ],
  [
    8, // SQLITE_READONLY
    {
      code: "refused",
      message: "cannot be written: it is read-only",
      hint: "Make the file and its folder writable for this user.",
    },
  ],
  [
    10, // SQLITE_IOERR
    {
      code: "refused",
      message: "cannot be read or written: the disk reports an error",
      hint: "Check the disk and its free space; what was not confirmed is not stored.",
    },
  ],
  [
    11, // SQLITE_CORRUPT
    { code: "damaged", message: "is damaged", hint: "Restore it from a copy, or name another file for the store." },
  ],
  [
    13, // SQLITE_FULL
    {
      code: "refused",
      message: "cannot be written: the disk is full",
      hint: "Make room; what was not confirmed is not stored.",
    },
  ],
  [
    14, // SQLITE_CANTOPEN
    {
      code: "refused",
      message: "cannot be opened",
      hint: "Make the file and its folder writable for this user.",
    },
  ],
  [
    26, // SQLITE_NOTADB
    {
      code: "damaged",
      message: "is not a database, or its start is damaged",
      hint: "Restore it from a copy, or name another file for the store.",
    },
  ],
]);

const primaryCodeOf = (error: unknown): number | undefined =>
  error instanceof Error && "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : undefined;

/** Another connection is writing, or has been for longer than the busy timeout. */
export const isBusy = (error: unknown): boolean => primaryCodeOf(error) === busy;

/** Puts an error of SQLite in plain words; any other error is given back as it is. */
export const storeError = (path: string, error: unknown): unknown => {
  const known = explanations.get(primaryCodeOf(error));
  return known === undefined
    ? error
    : new QuiesceError(known.code, `The store ${path} ${known.message}.`, { hint: known.hint, cause: error });
};
