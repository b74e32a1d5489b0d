import type { Matrix } from "../capability/capability.ts";
import { cellOf } from "../capability/cell.ts";
import { failure, isProviderFailure, ProviderFailure } from "../error/provider-error.ts";
import { ok } from "../model/result.ts";
import type { Step } from "../plan/plan.ts";
import type { Connection, Plugin } from "./plugin.ts";
import type { FailureGate } from "./failure-gate.ts";
import type { ConnectEnvironment, PluginSpec, Session } from "./spec.ts";
import { stepDriver, type AnyHandler } from "./step-driver.ts";
import { validate } from "./validate.ts";

/** Closes a plugin's types over, so that core can hold any plugin. The spec's types are checked here and nowhere else. */
export const definePlugin = <C, R, W, const M extends Matrix, X = object>(spec: PluginSpec<C, R, W, X, M>): Plugin => ({
  kind: "provider",
  name: spec.name,
  apiVersion: spec.apiVersion,
  capabilities: spec.capabilities,
  settleMs: spec.settleMs,
  open: async (config: unknown, environment: ConnectEnvironment) => {
    const checked = await validate(spec.config, config, `provider of plugin ${spec.name}`);
    if (!checked.ok) return checked;
    const gate = gateOf(spec);
    return ok(connectionOf(spec, await gate(() => spec.connect(checked.value, environment)), gate));
  },
});

const gateOf =
  <C, R, W, X, M extends Matrix>(spec: PluginSpec<C, R, W, X, M>): FailureGate =>
  async (call) => {
    try {
      return await call();
    } catch (thrown) {
      throw isProviderFailure(thrown) ? thrown : new ProviderFailure(spec.problem(thrown), { cause: thrown });
    }
  };

const connectionOf = <C, R, W, X, M extends Matrix>(
  spec: PluginSpec<C, R, W, X, M>,
  session: Session<R, W>,
  gate: FailureGate,
): Connection => ({
  account: session.account,
  restrictions: session.restrictions,
  settleMs: spec.settleMs,
  survey: (targets, signal) => gate(() => spec.survey(session.read, targets, signal)),
  owned: (by, signal) => gated(spec.owned(session.read, by, signal), gate),
  discard: (artefact, signal) => gate(() => spec.discard(session.write, artefact, signal)),
  discover: (signal) => gated(spec.discover?.(session.read, signal) ?? nothing(), gate),
  doctor: (signal) => gate(async () => (await spec.doctor?.(session.read, signal)) ?? []),
  drive: (step) =>
    stepDriver({ step, handler: handlerOf(spec, step), session, options: spec.options, gate, plugin: spec.name }),
  close: () => gate(() => session.close()),
});

async function* nothing(): AsyncGenerator<never> {}

async function* gated<T>(source: AsyncIterable<T>, gate: FailureGate): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  for (;;) {
    const next = await gate(() => iterator.next());
    if (next.done === true) return;
    yield next.value;
  }
}

/** Handlers are typed per cell where they are written; here they are looked up by the step's data. */
const handlerOf = <C, R, W, X, M extends Matrix>(spec: PluginSpec<C, R, W, X, M>, step: Step): AnyHandler => {
  const erased = spec as unknown as {
    readonly handlers: Readonly<Record<string, Readonly<Record<string, AnyHandler>> | undefined>>;
    readonly moves?: Readonly<Record<string, AnyHandler>>;
    readonly groups?: Readonly<Record<string, AnyHandler>>;
  };
  const [{ kind }] = step.targets;
  const handler =
    step.does === "move"
      ? erased.moves?.[step.move]
      : step.targets.length > 1
        ? erased.groups?.[step.operation]
        : partOf(erased.handlers[kind]?.[step.operation], step);
  if (handler !== undefined) return handler;
  if (step.does === "undo" || step.does === "commit")
    throw failure(
      "invalid",
      `${step.title}: plugin ${spec.name} keeps no way back from ${step.operation} of a ${kind}.`,
    );
  const mode = kind === "other" ? "bound" : cellOf(spec.capabilities, kind, step.operation)?.mode;
  throw new Error(
    `No handler of plugin ${spec.name} serves ${step.key} (${kind} ${step.operation}, ${mode ?? "no such cell"}).`,
  );
};

const partOf = (handler: AnyHandler | undefined, { does }: Step): AnyHandler | undefined =>
  does === "undo" || does === "commit" ? handler?.[does] : handler;
