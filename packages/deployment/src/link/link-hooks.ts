import { asId, isSome, operations, type Call, type Instance, type Operation, type PlanNote } from "@quiesce/core";
import type { WrittenHook } from "../schema/hook.ts";
import type { Written } from "../schema/read-written.ts";
import { pathText } from "../source/spot.ts";
import { absoluteReference } from "./absolute-path.ts";
import { hookCall } from "./hook-call.ts";
import type { SecretUse } from "./secret-use.ts";

/** By instance name: what runners perform for it. */
export type Bindings = ReadonlyMap<string, Instance["bound"]>;

export interface LinkedHooks {
  readonly bindings: Bindings;
  readonly secrets: readonly SecretUse[];
  readonly notes: readonly PlanNote[];
}

/**
 * Planning pairs the freezes of an instance with its thaws by their place in the list, and runs the thaws backwards
 * itself. Resumes have no partner and run as listed, so the last hook that suspended comes first.
 */
const calledFirst = (operation: Operation): boolean => operation === "resume";

const bind = (bound: Instance["bound"], name: string, hook: WrittenHook, baseDir: string): Instance["bound"] => {
  const added: { [O in Operation]?: readonly [Call, ...Call[]] } = { ...bound };
  for (const operation of operations) {
    const call = hookCall(operation, name, hook, baseDir);
    if (call === undefined) continue;
    const before: readonly Call[] = bound[operation] ?? [];
    const calls = calledFirst(operation) ? [call, ...before] : [...before, call];
    if (isSome(calls)) added[operation] = calls;
  }
  return added;
};

const secretsOf = (name: string, { ssh }: WrittenHook, baseDir: string): readonly SecretUse[] =>
  (["key", "password"] as const).flatMap((key) => {
    const written = ssh?.[key];
    if (written === undefined) return [];
    return [{ path: pathText(["hooks", name, "ssh", key]), reference: absoluteReference(baseDir, written) }];
  });

const replacesAgent = (name: string, on: string): PlanNote => ({
  about: asId(on),
  message:
    `Hook ${name} freezes ${on} in place of the provider: the guest agent is not asked to freeze its file systems. ` +
    `To have both, put the hook on an instance of kind other that is contained_in ${on}.`,
});

/** Binds the calls of every hook to the instance that it serves. */
export const linkHooks = (written: Written, baseDir: string): LinkedHooks => {
  const bindings = new Map<string, Instance["bound"]>();
  const secrets: SecretUse[] = [];
  const notes: PlanNote[] = [];
  for (const [name, hook] of written.whole.hooks) {
    bindings.set(hook.on, bind(bindings.get(hook.on) ?? {}, name, hook, baseDir));
    secrets.push(...secretsOf(name, hook, baseDir));
    if (hook.freeze !== undefined && written.whole.instances.get(hook.on)?.kind === "vm")
      notes.push(replacesAgent(name, hook.on));
  }
  return { bindings, secrets, notes };
};
