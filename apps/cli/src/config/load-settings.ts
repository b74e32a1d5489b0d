import { isSome, QuiesceError, type Problem } from "@quiesce/core";
import { readConfigFile, type ConfigFile, type Written } from "./config-file.ts";
import { configFiles, defaultStateDir } from "./places.ts";
import { settingSpecs, type Settings, type SettingSpec } from "./settings.ts";

export interface SettingSources {
  /** What stood on the command line, by the setting's name, as it was written. */
  readonly flags: { readonly [Name in keyof Settings]?: string };
  readonly profile: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export interface Loaded {
  readonly settings: Settings;
  readonly profile: string | undefined;
  /** Where each value comes from, in the order of the table. */
  readonly origins: readonly { readonly key: string; readonly value: string | undefined; readonly from: string }[];
  readonly files: readonly ConfigFile[];
}

interface Found {
  readonly text: string;
  readonly from: string;
  readonly baseDir: string;
  readonly at?: Problem["at"];
}

/** Flag, then environment, then ./quiesce.yaml, the user's file, the system's; in a file the profile wins. */
export const loadSettings = async (sources: SettingSources): Promise<Loaded> => {
  const { env, cwd } = sources;
  const specs: readonly SettingSpec[] = settingSpecs(defaultStateDir(env));
  const read = await Promise.all(
    configFiles(env, cwd).map((file) =>
      readConfigFile(
        file,
        specs.map(({ key }) => key),
      ),
    ),
  );
  const files = read.flatMap((one) => (one === undefined ? [] : [one.config]));
  const problems = read.flatMap((one) => one?.problems ?? []);
  const profile = profileOf(sources, files);
  if (profile !== undefined && files.every(({ profiles }) => !(profile in profiles))) {
    problems.push({ code: "config-invalid", message: `There is no profile "${profile}".`, hint: knownProfiles(files) });
  }
  const values: Record<string, string | number> = {};
  const origins = specs.map((spec) => {
    const found = find(spec, sources, files, profile);
    const value = found === undefined ? undefined : spec.parse(found.text, found.baseDir);
    if (found !== undefined && value === undefined) problems.push(invalid(spec, found));
    if (value !== undefined) values[spec.name] = value;
    return { key: spec.key, value: found?.text, from: found?.from ?? "default" };
  });
  if (isSome(problems)) throw new QuiesceError("usage", "The configuration is not valid.", { problems });
  return { settings: values as Partial<Settings> as Settings, profile, origins, files };
};

const profileOf = ({ profile, env }: SettingSources, files: readonly ConfigFile[]): string | undefined => {
  const fromEnv = env["QUIESCE_PROFILE"];
  return (
    profile ??
    (fromEnv === "" ? undefined : fromEnv) ??
    files.find(({ values }) => "profile" in values)?.values["profile"]?.text
  );
};

const knownProfiles = (files: readonly ConfigFile[]): string => {
  const known = [...new Set(files.flatMap(({ profiles }) => Object.keys(profiles)))].sort();
  return known.length === 0 ? "No configuration file has profiles." : `Profiles: ${known.join(", ")}.`;
};

const find = (
  { name, key, env: variable, flag, byDefault }: SettingSpec,
  { flags, env, cwd }: SettingSources,
  files: readonly ConfigFile[],
  profile: string | undefined,
): Found | undefined => {
  const flagged = flags[name];
  if (flagged !== undefined) return { text: flagged, from: flag, baseDir: cwd };
  const set = env[variable];
  if (set !== undefined && set !== "") return { text: set, from: variable, baseDir: cwd };
  for (const { file, baseDir, values, profiles } of files) {
    const inProfile = profile === undefined ? undefined : profiles[profile]?.[key];
    if (inProfile !== undefined) return written(inProfile, `${file}, profile ${profile}`, baseDir);
    const plain = values[key];
    if (plain !== undefined) return written(plain, file, baseDir);
  }
  return byDefault === undefined ? undefined : { text: byDefault, from: "default", baseDir: cwd };
};

const written = ({ text, at }: Written, from: string, baseDir: string): Found => ({ text, from, baseDir, at });

const invalid = ({ accepts }: SettingSpec, { text, from, at }: Found): Problem => ({
  code: "config-invalid",
  message: `${from}: "${text}" is not ${accepts}.`,
  hint: `Give ${accepts}.`,
  ...(at === undefined ? {} : { at }),
});
