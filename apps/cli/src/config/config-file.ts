import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Problem } from "@quiesce/core";
import { near } from "../input/near.ts";
import type { YamlMap } from "./yaml-map.ts";

/** A value in a configuration file, and where it stands. */
export interface Written {
  readonly text: string;
  readonly at: NonNullable<Problem["at"]>;
}

export interface ConfigFile {
  readonly file: string;
  readonly baseDir: string;
  readonly values: Readonly<Record<string, Written>>;
  readonly profiles: Readonly<Record<string, Readonly<Record<string, Written>>>>;
  /** Why the file counts for nothing, although it is there. */
  readonly ignored?: string;
}

export interface ReadConfig {
  readonly config: ConfigFile;
  readonly problems: readonly Problem[];
}

/** Reads a configuration file; undefined when there is none. The YAML reader is loaded only when there is one. */
export const readConfigFile = async (file: string, keys: readonly string[]): Promise<ReadConfig | undefined> => {
  const text = await readFile(file, "utf8").catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === "ENOENT" || thrown.code === "ENOTDIR") return undefined;
    throw thrown;
  });
  if (text === undefined) return undefined;
  const { readYamlMap } = await import("./yaml-map.ts");
  const read = readYamlMap(file, text);
  const base = { file, baseDir: dirname(file) };
  if (isDeployment(read)) {
    return { config: { ...base, values: {}, profiles: {}, ignored: "it is a deployment file" }, problems: [] };
  }
  const { profiles: written = { values: {}, maps: {} }, ...unknownMaps } = read.maps;
  const profiles = Object.fromEntries(Object.entries(written.maps).map(([name, map]) => [name, map.values]));
  const problems = [
    ...read.problems,
    ...unknownKeys(read.values, [...keys, "profile", "profiles"]),
    ...Object.entries(unknownMaps).map(([key, { at }]) => unknown(key, keys, at)),
    ...Object.values(profiles).flatMap((values) => unknownKeys(values, keys)),
  ];
  return { config: { ...base, values: read.values, profiles }, problems };
};

/** `quiesce: 1` opens a deployment file; here the same key holds a word. */
const isDeployment = ({ values, maps }: YamlMap): boolean =>
  /^\d+$/.test(values["quiesce"]?.text ?? "") || "instances" in maps || "providers" in maps || "selectors" in maps;

const unknownKeys = (values: Readonly<Record<string, Written>>, known: readonly string[]): readonly Problem[] =>
  Object.entries(values)
    .filter(([key]) => !known.includes(key))
    .map(([key, { at }]) => unknown(key, known, at));

const unknown = (key: string, known: readonly string[], at: Problem["at"]): Problem => {
  const meant = near(key, known);
  return {
    code: "config-invalid",
    message: `There is no setting "${key}".`,
    hint: meant === undefined ? `Settings: ${known.join(", ")}.` : `Did you mean ${meant}?`,
    ...(at === undefined ? {} : { at }),
  };
};
