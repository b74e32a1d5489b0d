import type { Matrix, Mode } from "../capability/capability.ts";
import type { Input } from "../vocabulary/inputs.ts";
import type { Kind, Operation } from "../vocabulary/operation.ts";
import type { CaptureHandler, CompareHandler, Handler, HoldingCaptureHandler, RevocableHandler } from "./handler.ts";
import type { Target } from "./target.ts";

/** What a mode obliges a plugin to write. `R`, `W`: reading and writing half of its client; `X`: its own options. */
type Duty<R, W, K extends Kind, O extends Operation, X, C> = C extends { readonly mode: "supported" }
  ? O extends "snapshot.create" | "backup.create"
    ? C extends { readonly holds: true }
      ? HoldingCaptureHandler<R, W, Input<O, X>, Target<K>>
      : CaptureHandler<R, W, Input<O, X>, Target<K>>
    : O extends "snapshot.restore" | "backup.restore"
      ? Handler<R, W, Input<O, X>, Target<K>> | RevocableHandler<R, W, Input<O, X>, Target<K>>
      : Handler<R, W, Input<O, X>, Target<K>>
  : C extends { readonly mode: "by-compare" }
    ? CompareHandler<R, Input<O, X>, Target<K>>
    : never;

/** The name is the error that the author of a plugin reads. */
export interface NoHandlerAllowed<M extends Mode> {
  readonly "~this cell is declared": M;
}

type Handled<Row> = {
  [O in keyof Row]: Row[O] extends { readonly mode: "supported" | "by-compare" } ? O : never;
}[keyof Row];

type RowOf<R, W, K extends Kind, X, Row> = {
  readonly [O in Handled<Row>]: O extends Operation ? Duty<R, W, K, O, X, Row[O]> : never;
} & {
  readonly [O in Exclude<keyof Row, Handled<Row>>]?: Row[O] extends { readonly mode: infer M extends Mode }
    ? NoHandlerAllowed<M>
    : never;
};

/** Exactly one handler for each `supported` and `by-compare` cell of `M`, and none for any other. */
export type Handlers<R, W, X, M extends Matrix> = { readonly [K in Kind]: RowOf<R, W, K, X, M[K]> };
