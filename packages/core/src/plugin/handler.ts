import type { Drift, Outcome } from "../model/artefact.ts";
import type { RunId } from "../model/id.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Some } from "../model/some.ts";
import type { Context, WritingContext } from "./context.ts";

/** What a look at the provider shows of a step's effect. */
export type Sighting =
  /** `whole: false`: of a create whose content is fixed, but whose bytes are not all moved yet. */
  | { readonly is: "done"; readonly outcome: Outcome; readonly whole?: false }
  | { readonly is: "running"; readonly ticket: Json }
  | { readonly is: "absent" }
  /** Several objects match: nothing is adopted or changed, and the user gets the ids. */
  | { readonly is: "ambiguous"; readonly ids: Some<string> }
  | { readonly is: "unknowable"; readonly reason: string };

/** `evidence`: the reply itself proves the effect (file systems frozen), which saves a read inside the freeze window. */
export type Acted =
  | { readonly next: "observe" }
  | { readonly next: "poll"; readonly ticket: Json }
  | { readonly next: "evidence"; readonly outcome: Outcome };

export type Polled =
  | { readonly is: "running"; readonly againMs?: number; readonly ticket?: Json }
  | { readonly is: "finished" }
  | { readonly is: "gone" };

/**
 * An operation that changes something. Core's order: observe; if absent, act; poll a ticket to its end; observe
 * again. `act` cannot claim success: only what `observe` (or the reply's evidence) shows counts.
 */
export interface Handler<R, W, I, T> {
  /** Of an operation that does harm (freeze): `done` only for harm of this run; what others did is a `conflict`. */
  observe(c: Context<R, I, T>): Promise<Sighting>;
  act(c: WritingContext<W, I, T>): Promise<Acted>;
  poll?(c: Context<R, I, T>, ticket: Json): Promise<Polled>;
  cancel?(c: WritingContext<W, I, T>, ticket: Json): Promise<void>;
}

interface Create<R, W, I, T> extends Handler<R, W, I, T> {
  complete(c: WritingContext<W, I, T>, captured: JsonObject): Promise<void>;
}

/**
 * A create, in two steps: `act` ends when the content is fixed, so that the thaw may go; `complete` then moves or
 * awaits the bytes and may be called again after a crash. `captured` is the capture's `Outcome.saved`.
 */
export interface CaptureHandler<R, W, I, T> extends Create<R, W, I, T> {
  /**
   * Takes back all that this step made, whole or not; it is found by name and tag, whatever the journal knows of it.
   * Resolves when the provider shows that it is gone; nothing to find is success. The engine calls it a second time
   * where a call of a process that died may still come true.
   */
  discard(c: WritingContext<W, I, T>): Promise<void>;
}

/**
 * A create whose capture holds something at the provider until its bytes are moved (a job, scratch files). What it
 * holds is a debt from before `prepare` on: it is released after success, failure and cancel alike.
 */
export interface HoldingCaptureHandler<R, W, I, T> extends Create<R, W, I, T> {
  /** Before any freeze: what takes long is made here. May be called again. Its result is the capture's `prepared`. */
  prepare(c: WritingContext<W, I, T>): Promise<JsonObject>;
  /**
   * Ends the job and removes what was only needed for moving. `whole`: the set is complete, so keep what it needs;
   * else everything that this step made goes, after a completion too. Resolves only when the provider shows that
   * nothing is held any more.
   */
  release(c: WritingContext<W, I, T>, held: { readonly whole: boolean }): Promise<void>;
}

/**
 * A restore in place that keeps what it replaced (`Outcome.recovery`). Both are also called for a restore that died
 * half-way (`Kept.kept` is absent then): what it made and replaced is found by its name and mark.
 */
export interface RevocableHandler<R, W, I, T> extends Handler<R, W, I, T> {
  /** Puts back what the restore replaced; what the restore brought goes. */
  readonly undo: Handler<R, W, Kept<I>, T>;
  /** Keeps the restored state and removes what was kept for the way back. */
  readonly commit: Handler<R, W, Kept<I>, T>;
}

/** The restore's own input, with whose it was and what it kept. */
export type Kept<I> = I & {
  readonly restored: { readonly run: RunId; readonly backup: string };
  readonly kept?: JsonObject;
};

/** Gets the reading half of the client only: "by-compare never writes" is a type error, not a promise. */
export interface CompareHandler<R, I, T> {
  compare(c: Context<R, I, T>): Promise<readonly Drift[]>;
}
