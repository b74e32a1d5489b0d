import { resolve } from "node:path";
import type { BackupKind, Quiesce, Scope } from "@quiesce/core";
import { parseDuration } from "../input/duration.ts";

/** Every setting, with its default where nobody set it. */
export interface Settings {
  /** Folder of the store and of debug files. */
  readonly stateDir: string;
  /** Folder for the bytes that Quiesce moves itself; without it `repository` in the state folder. */
  readonly repository?: string;
  /** Compress what is stored from now on. */
  readonly compress: "zstd" | "none";
  readonly kind: BackupKind;
  readonly consistency: Scope;
  readonly quiesce: Quiesce;
  readonly freezeDeadlineMs: number;
  /** A run is ended in an orderly way after this time; without it a run has no limit of its own. */
  readonly timeoutMs?: number;
}

/** How one setting is written in files, in the environment and on the command line. */
export interface SettingSpec {
  readonly name: keyof Settings;
  readonly key: string;
  readonly env: string;
  readonly flag: string;
  readonly accepts: string;
  /** As it would be written; the state folder's default depends on the environment. */
  readonly byDefault: string | undefined;
  /** Undefined when the text is not valid. Paths are given absolute. */
  readonly parse: (text: string, baseDir: string) => string | number | undefined;
}

const oneOf =
  (...words: readonly string[]) =>
  (text: string): string | undefined =>
    words.includes(text) ? text : undefined;

/** What a run does, where nobody says otherwise. */
const runSpecs = [
  {
    name: "compress",
    key: "compress",
    env: "QUIESCE_COMPRESS",
    flag: "--compress",
    accepts: "zstd or none",
    byDefault: "none",
    parse: oneOf("zstd", "none"),
  },
  {
    name: "kind",
    key: "kind",
    env: "QUIESCE_KIND",
    flag: "--kind",
    accepts: "snapshot or backup",
    byDefault: "backup",
    parse: oneOf("snapshot", "backup"),
  },
  {
    name: "consistency",
    key: "consistency",
    env: "QUIESCE_CONSISTENCY",
    flag: "--consistency",
    accepts: "deployment or instance",
    byDefault: "deployment",
    parse: oneOf("deployment", "instance"),
  },
  {
    name: "quiesce",
    key: "quiesce",
    env: "QUIESCE_QUIESCE",
    flag: "--quiesce",
    accepts: "auto, required, try or off",
    byDefault: "auto",
    parse: oneOf("auto", "required", "try", "off"),
  },
  {
    name: "freezeDeadlineMs",
    key: "freeze_deadline",
    env: "QUIESCE_FREEZE_DEADLINE",
    flag: "--freeze-deadline",
    accepts: "a duration such as 30s",
    byDefault: "30s",
    parse: parseDuration,
  },
  {
    name: "timeoutMs",
    key: "timeout",
    env: "QUIESCE_TIMEOUT",
    flag: "--timeout",
    accepts: "a duration such as 2h",
    byDefault: undefined,
    parse: parseDuration,
  },
] as const satisfies readonly SettingSpec[];

/** The one table of settings: precedence, messages and `config show` all read it. */
export const settingSpecs = (defaultStateDir: string) =>
  [
    {
      name: "stateDir",
      key: "state_dir",
      env: "QUIESCE_STATE_DIR",
      flag: "--state-dir",
      accepts: "a folder",
      byDefault: defaultStateDir,
      parse: (text, baseDir) => (text === "" ? undefined : resolve(baseDir, text)),
    },
    {
      name: "repository",
      key: "repository",
      env: "QUIESCE_REPOSITORY",
      flag: "--repository",
      accepts: "a folder",
      byDefault: undefined,
      parse: (text, baseDir) => (text === "" ? undefined : resolve(baseDir, text)),
    },
    ...runSpecs,
  ] as const satisfies readonly SettingSpec[];
