import { QuiesceError, type Deployment } from "@quiesce/core";
import { fillFromEnvironment, readDeployment } from "@quiesce/deployment";
import type { Invocation } from "../invocation/invocation.ts";

/** The config of a provider from `--set key=value`; a value may hold `=`. */
export const configOf = (settings: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    settings.map((setting) => {
      const at = setting.indexOf("=");
      if (at > 0) return [setting.slice(0, at), setting.slice(at + 1)];
      throw new QuiesceError("usage", `--set needs key=value, not "${setting}".`);
    }),
  );

/**
 * A deployment of one provider without a file, to look at what it has. It is read as a file would be, so that the same
 * rules hold: no secret on the command line.
 */
export const adHocDeployment = async (
  plugin: string,
  config: Readonly<Record<string, string>>,
  { env }: Invocation,
): Promise<Deployment> => {
  const placeholder = { provider: plugin, kind: "vm", id: "placeholder" };
  const text = JSON.stringify({
    quiesce: 1,
    name: "discovered",
    providers: { [plugin]: { ...config, plugin } },
    instances: { placeholder },
  });
  const read = await readDeployment({ text, file: "command-line" });
  if (read.ok) return { ...fillFromEnvironment(read.value.deployment, env), instances: {} };
  throw new QuiesceError("usage", `--plugin ${plugin} cannot be used with these settings.`, {
    // Places in a text that nobody wrote would only confuse.
    problems: [withoutPlace(read.problems[0]), ...read.problems.slice(1).map(withoutPlace)],
  });
};

const withoutPlace = <P extends { readonly at?: unknown }>({ at: _at, ...rest }: P): Omit<P, "at"> => rest;
