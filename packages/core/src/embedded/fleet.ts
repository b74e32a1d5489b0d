import { QuiesceError } from "../error/quiesce-error.ts";
import type { Deployment } from "../model/deployment.ts";
import type { ProviderName } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { Lane } from "../plugin/context.ts";
import type { Connection, Plugin } from "../plugin/plugin.ts";
import type { Runner } from "../plugin/runner.ts";
import type { Fleet } from "../ports/fleet.ts";

export interface FleetParts {
  readonly deployment: Deployment;
  /** Loads a plugin by its name; throws a QuiesceError that names the package when it is missing. */
  readonly plugin: (name: string) => Promise<Plugin>;
  readonly runner: (name: string) => Promise<Runner>;
  /** Turns references to secrets in a provider's config into their values. */
  readonly resolve: (provider: ProviderName, config: JsonObject) => Promise<JsonObject>;
  readonly signal: AbortSignal;
}

/** Opens each provider's lanes when they are first asked for and keeps them until `close`. */
export const createFleet = (parts: FleetParts): Fleet => {
  const open = new Map<string, Promise<Connection>>();
  return {
    connection: (provider, lane) => {
      const key = `${lane}/${provider}`;
      const known = open.get(key);
      if (known !== undefined) return known;
      const opening = openConnection(parts, provider, lane);
      open.set(key, opening);
      // A failed opening is not kept: the next caller tries again.
      opening.catch(() => open.delete(key));
      return opening;
    },
    runner: parts.runner,
    close: async () => {
      const connections = await Promise.allSettled(open.values());
      open.clear();
      await Promise.allSettled(connections.flatMap((one) => (one.status === "fulfilled" ? [one.value.close()] : [])));
    },
  };
};

const openConnection = async (
  { deployment, plugin, resolve, signal }: FleetParts,
  provider: ProviderName,
  lane: Lane,
): Promise<Connection> => {
  const declared = deployment.providers[provider];
  if (declared === undefined) throw new Error(`Deployment ${deployment.id} has no provider ${provider}.`);
  const loaded = await plugin(declared.plugin);
  const opened = await loaded.open(await resolve(provider, declared.config), { lane, signal });
  if (opened.ok) return opened.value;
  throw new QuiesceError("usage", `The configuration of provider ${provider} is not valid.`, {
    problems: opened.problems,
  });
};
