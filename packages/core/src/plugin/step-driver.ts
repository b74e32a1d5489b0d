import { failure } from "../error/provider-error.ts";
import type { Drift } from "../model/artefact.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Schema } from "../model/schema.ts";
import { isSome } from "../model/some.ts";
import type { PlannedTarget, Step } from "../plan/plan.ts";
import { isTarget } from "../run/covered.ts";
import type { Operation } from "../vocabulary/operation.ts";
import { artefactName, requestIdOf } from "./artefact-name.ts";
import type { WritingContext } from "./context.ts";
import type { FailureGate } from "./failure-gate.ts";
import type { Acted, Polled, Sighting } from "./handler.ts";
import type { Attempt, StepDriver } from "./plugin.ts";
import type { Target } from "./target.ts";
import { validate } from "./validate.ts";

type Erased = WritingContext<unknown, unknown, unknown>;

/** Any handler after its types were closed over; a method that its kind does not have is absent. */
export interface AnyHandler {
  observe?(c: Erased): Promise<Sighting>;
  act?(c: Erased): Promise<Acted>;
  poll?(c: Erased, ticket: Json): Promise<Polled>;
  cancel?(c: Erased, ticket: Json): Promise<void>;
  complete?(c: Erased, captured: JsonObject): Promise<void>;
  prepare?(c: Erased): Promise<JsonObject>;
  release?(c: Erased, held: { readonly whole: boolean }): Promise<void>;
  discard?(c: Erased): Promise<void>;
  compare?(c: Erased): Promise<readonly Drift[]>;
  readonly undo?: AnyHandler;
  readonly commit?: AnyHandler;
}

type Method = Exclude<keyof AnyHandler, "undo" | "commit">;

interface Parts {
  readonly step: Step;
  readonly handler: AnyHandler;
  readonly session: { readonly read: unknown; readonly write: unknown };
  readonly options: { readonly [O in Operation]?: Schema<unknown> } | undefined;
  readonly gate: FailureGate;
  readonly plugin: string;
}

/** Makes the typed contexts of a handler from what the engine knows; `observe`, `poll` and `compare` get the reading half. */
export const stepDriver = (parts: Parts): StepDriver => {
  const { step, handler, session, gate, plugin } = parts;
  const call = <T>(name: Method, a: Attempt, use: (c: Erased) => Promise<T> | undefined): Promise<T> =>
    gate(async () => {
      const reads = name === "observe" || name === "poll" || name === "compare";
      const c = contextOf(step, a, reads ? session.read : session.write, await inputOf(parts, a));
      const made = use(c);
      if (made === undefined) throw new Error(`Plugin ${plugin} has no ${name} for ${step.key}.`);
      return await made;
    });
  return {
    observe: (a) => call("observe", a, (c) => handler.observe?.(c)),
    act: (a) => call("act", a, (c) => handler.act?.(c)),
    poll: (a, ticket) => call("poll", a, (c) => handler.poll?.(c, ticket)),
    complete: (a, captured) => call("complete", a, (c) => handler.complete?.(c, captured)),
    prepare: (a) => call("prepare", a, (c) => handler.prepare?.(c)),
    release: (a, held) => call("release", a, (c) => handler.release?.(c, held)),
    discard: (a) => call("discard", a, (c) => handler.discard?.(c) ?? handler.release?.(c, { whole: false })),
    cancel: (a, ticket) => call("cancel", a, (c) => handler.cancel?.(c, ticket) ?? Promise.resolve()),
    compare: (a) => call("compare", a, (c) => handler.compare?.(c)),
  };
};

const inputOf = async (
  { step, options, plugin }: Parts,
  a: Attempt,
): Promise<JsonObject & { readonly extra?: unknown }> => {
  const schema = options?.[step.operation];
  if (schema === undefined) return a.input;
  const checked = await validate(schema, a.input["extra"] ?? {}, `${plugin} option of ${step.operation}`);
  if (checked.ok) return { ...a.input, extra: checked.value as JsonObject };
  throw failure("invalid", checked.problems.map(({ message }) => message).join("; "));
};

const contextOf = (step: Step, a: Attempt, api: unknown, input: JsonObject): Erased => {
  // Another name of the target itself is no volume inside it.
  const covers = step.covers.map(({ providerId }) => providerId).filter((id) => !isTarget(step, id));
  const targets = step.targets.map((target) => targetOf(target, covers));
  const { backup, run, key, attempt, tag, frozen, repository, lane, signal } = a;
  return {
    api,
    target: isSome(targets) && targets.length === 1 ? targets[0] : targets,
    input,
    run,
    key,
    attempt,
    requestId: requestIdOf(run, key),
    tag,
    ...(backup === undefined ? {} : { backup }),
    frozen,
    repository,
    name: (rule) => artefactName(backup?.name ?? step.operation, run, step.targets[0].instance, rule),
    lane,
    signal,
    sleep: (ms) => a.sleep(ms),
    report: (progress) => a.report(progress),
  };
};

const targetOf = (target: PlannedTarget, covers: readonly string[]): Target => ({ ...target, covers });
