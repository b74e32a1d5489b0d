import type { Call, JsonObject, Operation } from "@quiesce/core";
import type { WrittenCommand, WrittenHook } from "../schema/hook.ts";
import type { SecretReference } from "../secret/reference.ts";
import { absoluteCommand, absolutePath, absoluteReference } from "./absolute-path.ts";

/** One command of a hook: a program and its arguments, for which no shell is used. */
export type HookCommand = {
  readonly run: readonly [string, ...string[]];
  readonly timeoutMs?: number;
};

/**
 * What a hook asks of a runner. `run`: run it to its end. `hold`: start it, wait for the line READY, and keep it
 * running. `release`: close the standard input of the hold of that name and wait for its end. `status` tells by its
 * exit status whether the instance is frozen: 0 yes, 1 no, any other unknown. `selfThaw`: before the freeze, arm a
 * timer on the host that thaws without us.
 */
export type HookAction =
  | (HookCommand & { readonly action: "run"; readonly status?: HookCommand; readonly selfThaw?: SelfThaw })
  | (HookCommand & { readonly action: "hold"; readonly hold: string; readonly status?: HookCommand })
  | { readonly action: "release"; readonly hold: string; readonly status?: HookCommand };

export type SelfThaw = { readonly afterMs: number; readonly run: readonly [string, ...string[]] };

/** Arguments of the runner `script`: where Quiesce runs, in the folder of the deployment file. */
export type ScriptCall = HookAction & { readonly cwd: string };

/** Arguments of the runner `terminal`: on a host, over SSH. Secrets are references. */
export type TerminalCall = HookAction & {
  readonly ssh: {
    readonly host: string;
    /** Default 22. */
    readonly port?: number;
    readonly user: string;
    readonly key?: SecretReference;
    readonly password?: SecretReference;
    readonly known_hosts?: string;
  };
};

const toCommand = ({ run, timeout }: WrittenCommand, hook: WrittenHook, baseDir: string): HookCommand => ({
  run: hook.local === undefined ? run : absoluteCommand(baseDir, run),
  ...(timeout === undefined ? {} : { timeoutMs: timeout }),
});

const toAction = (operation: Operation, name: string, hook: WrittenHook, baseDir: string): HookAction | undefined => {
  const freezes = operation === "freeze" || operation === "thaw";
  const status = freezes && hook.status !== undefined ? { status: toCommand(hook.status, hook, baseDir) } : {};
  if (operation === "thaw" && hook.hold !== undefined) return { action: "release", hold: name, ...status };
  const written = hook[operation];
  if (written === undefined) return undefined;
  const command = toCommand(written, hook, baseDir);
  if (operation === "freeze" && hook.hold !== undefined) return { action: "hold", hold: name, ...command, ...status };
  const { self_thaw: afterMs, thaw } = hook;
  const arms = operation === "freeze" && afterMs !== undefined && thaw !== undefined;
  return { action: "run", ...command, ...status, ...(arms ? { selfThaw: { afterMs, run: thaw.run } } : {}) };
};

const toSsh = (ssh: NonNullable<WrittenHook["ssh"]>, baseDir: string): TerminalCall["ssh"] => ({
  host: ssh.host,
  ...(ssh.port === undefined ? {} : { port: ssh.port }),
  user: ssh.user,
  ...(ssh.key === undefined ? {} : { key: absoluteReference(baseDir, ssh.key) }),
  ...(ssh.password === undefined ? {} : { password: absoluteReference(baseDir, ssh.password) }),
  ...(ssh.known_hosts === undefined ? {} : { known_hosts: absolutePath(baseDir, ssh.known_hosts) }),
});

/** The call that performs an operation, or nothing if the hook does not. Its `name` is the hook's. */
export const hookCall = (operation: Operation, name: string, hook: WrittenHook, baseDir: string): Call | undefined => {
  const action = toAction(operation, name, hook, baseDir);
  if (action === undefined) return undefined;
  const terminal = hook.ssh === undefined ? undefined : { ...action, ssh: toSsh(hook.ssh, baseDir) };
  const script: ScriptCall = { ...action, cwd: baseDir };
  const call: ScriptCall | TerminalCall = terminal ?? script;
  return { runner: terminal === undefined ? "script" : "terminal", name, with: call satisfies JsonObject };
};
