import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** An XDG folder. A relative value does not count, as the specification says. */
const xdg = (env: Env, variable: string, fallback: string): string => {
  const value = env[variable];
  return value !== undefined && isAbsolute(value) ? value : join(env["HOME"] ?? homedir(), fallback);
};

export const defaultStateDir = (env: Env): string => join(xdg(env, "XDG_STATE_HOME", ".local/state"), "quiesce");

/** Configuration files, the one that wins first. */
export const configFiles = (env: Env, cwd: string): readonly string[] => [
  resolve(cwd, "quiesce.yaml"),
  join(xdg(env, "XDG_CONFIG_HOME", ".config"), "quiesce", "config.yaml"),
  "/etc/quiesce/config.yaml",
];
