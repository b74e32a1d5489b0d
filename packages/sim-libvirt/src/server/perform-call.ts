import type { Call, Handlers } from "../calls/call.ts";
import { handlers } from "../calls/handlers.ts";
import type { ServerStream } from "../calls/server-stream.ts";
import { byteFaultsOf, type ByteFaults } from "../faults/byte-faults.ts";
import { applyFaults, type Verdict } from "../faults/apply-faults.ts";
import type { FaultAction } from "../faults/fault.ts";
import { failure, Failure } from "../failure/failure.ts";
import { sleep } from "../host/clock.ts";
import type { CallRecord } from "../truth/call-log.ts";
import { asFailure } from "./reply.ts";
import type { ServerControl } from "./server-control.ts";

/** A stream that begins with the answer, and what happens to its bytes. */
interface FollowingStream {
  readonly stream: ServerStream;
  readonly faults: ByteFaults;
}

/** What the connection does when a call is over. */
export type Outcome =
  | { readonly kind: "result"; readonly result: unknown; readonly stream?: FollowingStream | undefined }
  | { readonly kind: "failure"; readonly failure: Failure }
  /** No answer, ever. */
  | { readonly kind: "silent" }
  | { readonly kind: "drop-connection" };

type Handler = (args: unknown, call: Call) => unknown;

/** Performs one call with the faults that concern it. Never rejects. */
export const performCall = async (
  request: Omit<Call, "openStream">,
  args: unknown,
  record: CallRecord,
  control: ServerControl,
): Promise<Outcome> => {
  let stream: ServerStream | undefined;
  const call: Call = { ...request, openStream: (opened) => (stream = opened) };
  const actions = call.host.faults.take(record);
  try {
    const before = await applyFaults(call.host, record, actions, "before", control);
    if (before !== "go-on") return withoutAnswer(before);
    const late = actions.find((action) => action.kind === "late-effect");
    if (late !== undefined) return postpone(call, args, late);
    const result = await effect(call, args);
    const after = await applyFaults(call.host, record, actions, "after", control);
    if (after === "go-on")
      return { kind: "result", result, stream: stream && { stream, faults: byteFaultsOf(actions) } };
    if (stream?.kind === "upload") stream.abandon();
    return withoutAnswer(after);
  } catch (error) {
    return { kind: "failure", failure: asFailure(error) };
  }
};

const effect = async (call: Call, args: unknown): Promise<unknown> => {
  const handler = (handlers as Readonly<Record<string, Handler | undefined>>)[call.procedure satisfies keyof Handlers];
  if (handler === undefined) throw failure("no-support", "rpc", `${call.procedure} is not simulated`);
  return handler(args, call);
};

const withoutAnswer = (verdict: Exclude<Verdict, "go-on">): Outcome => ({ kind: verdict });

const postpone = (call: Call, args: unknown, late: Extract<FaultAction, { kind: "late-effect" }>): Outcome => {
  // Nobody hears of an effect that fails this late.
  void sleep(call.host.clock, late.ms)
    .then(() => effect(call, args))
    .catch(() => {});
  const { reply } = late;
  if (reply === "none") return { kind: "silent" };
  if (reply === "drop-connection") return { kind: "drop-connection" };
  return { kind: "failure", failure: new Failure(reply.code, reply.domain, reply.message) };
};
