import {
  createFleet,
  isProviderFailure,
  ProviderFailure,
  QuiesceError,
  type Deployment,
  type Fleet,
  type JsonObject,
  type Plugin,
  type ProviderName,
} from "@quiesce/core";
import { redactor, resolveSecrets } from "@quiesce/deployment";
import type { Invocation } from "../invocation/invocation.ts";
import { createPluginLoader } from "../plugins/load-plugin.ts";

/** The providers of a deployment: plugins are loaded, connections open when they are first used. */
export interface Connected {
  readonly fleet: Fleet;
  /** Throws for a provider whose plugin was not loaded: a bug. */
  pluginOf(provider: ProviderName): Plugin;
  /** Names of the runners that bound calls of the deployment can use. */
  readonly runners: readonly string[];
}

/** How long closing may take: a provider that does not answer must not keep a finished command. */
const closeWithinMs = 3000;

/**
 * Loads the plugins that the deployment needs and hands a fleet to `use`. Secrets are read when a connection is
 * opened, and masked in everything that is printed from then on.
 */
export const connected = async <T>(
  deployment: Deployment,
  invocation: Invocation,
  signal: AbortSignal,
  use: (connected: Connected) => Promise<T>,
): Promise<T> => {
  const loader = createPluginLoader(invocation.cwd);
  const plugins = new Map<ProviderName, Plugin>();
  for (const [name, { plugin }] of providersOf(deployment)) plugins.set(name, await loader.plugin(plugin));
  return await withFleet(deployment, loader, invocation, signal, async (fleet) =>
    use({
      fleet,
      runners: await runnersOf(deployment, loader),
      pluginOf: (provider) => {
        const plugin = plugins.get(provider);
        if (plugin === undefined) throw new Error(`The plugin of provider ${provider} was not loaded.`);
        return plugin;
      },
    }),
  );
};

/**
 * The providers of a deployment as a run stored it. A plugin is looked for when its provider is first used: one that is
 * missing does not keep what the others owe from being paid.
 */
export const connectedLater = async <T>(
  deployment: Deployment,
  invocation: Invocation,
  signal: AbortSignal,
  use: (fleet: Fleet) => Promise<T>,
): Promise<T> => await withFleet(deployment, createPluginLoader(invocation.cwd), invocation, signal, use);

type Loader = ReturnType<typeof createPluginLoader>;

const withFleet = async <T>(
  deployment: Deployment,
  loader: Loader,
  invocation: Invocation,
  signal: AbortSignal,
  use: (fleet: Fleet) => Promise<T>,
): Promise<T> => {
  const fleet = namingProviders(
    createFleet({
      deployment,
      plugin: (name) => loader.plugin(name),
      runner: (name) => loader.runner(name),
      resolve: secretReader(invocation, signal),
      signal,
    }),
  );
  try {
    return await use(fleet);
  } finally {
    await within(fleet.close(), closeWithinMs);
  }
};

/** Says which provider could not be connected; a plugin does not know what the deployment calls it. */
const namingProviders = (fleet: Fleet): Fleet => ({
  ...fleet,
  connection: async (provider, lane) => {
    try {
      return await fleet.connection(provider, lane);
    } catch (thrown) {
      if (!isProviderFailure(thrown)) throw thrown;
      const { problem } = thrown;
      throw new ProviderFailure({ ...problem, message: `Provider ${provider}: ${problem.message}` }, { cause: thrown });
    }
  },
});

const providersOf = (
  deployment: Deployment,
): readonly (readonly [ProviderName, Deployment["providers"][ProviderName]])[] =>
  Object.entries(deployment.providers) as [ProviderName, Deployment["providers"][ProviderName]][];

type Resolve = (provider: ProviderName, config: JsonObject) => Promise<JsonObject>;

/** Reads a provider's secrets once, for all its connections: a command that asks for a key is not run twice. */
const secretReader = ({ env, output }: Invocation, signal: AbortSignal): Resolve => {
  const read = new Map<ProviderName, Promise<JsonObject>>();
  const resolve: Resolve = async (provider, config) => {
    const resolved = await resolveSecrets(config, { env, signal });
    if (!resolved.ok)
      throw new QuiesceError("usage", `Provider ${provider} cannot be connected.`, { problems: resolved.problems });
    output.maskWith(redactor(resolved.value.values));
    return resolved.value.config;
  };
  return (provider, config) => {
    const reading = read.get(provider) ?? resolve(provider, config);
    read.set(provider, reading);
    reading.catch(() => read.delete(provider));
    return reading;
  };
};

/** Which runners of the deployment's bound calls are installed; planning refuses the others by name. */
const runnersOf = async ({ instances }: Deployment, loader: Loader): Promise<readonly string[]> => {
  const wanted = new Set(
    Object.values(instances).flatMap(({ bound }) =>
      Object.values(bound).flatMap((calls) => calls.map(({ runner }) => runner)),
    ),
  );
  const { found } = wanted.size === 0 ? { found: [] } : await loader.search();
  return found.map(({ name }) => name).filter((name) => wanted.has(name));
};

const within = async (work: Promise<unknown>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => {}), late]);
  clearTimeout(timer);
};
