import { QuiesceError, type Deployment, type Instance, type ProviderName } from "@quiesce/core";
import type { Discovered } from "@quiesce/deployment";
import { connected } from "../../compose/connect.ts";
import { openDeployment } from "../../compose/open-deployment.ts";
import { withStoreIfAny } from "../../compose/with-store.ts";
import type { Invocation } from "../../invocation/invocation.ts";
import type { Define } from "../../program/command-entry.ts";
import { adHocDeployment, configOf } from "../../records/ad-hoc-deployment.ts";
import { draftDeployment } from "../../records/draft-deployment.ts";
import { table } from "../../render/table.ts";
import { listenForStops, unlessStopped } from "../../signals/listen-for-stops.ts";

interface Flags {
  readonly plugin?: string;
  readonly set?: readonly string[];
}

export const define: Define = (command, invocation) => {
  command
    .argument("[deployment]", "list what the providers of this deployment have")
    .option("--plugin <name>", "instead, look at a provider of this plugin and print a deployment file for it")
    .option(
      "--set <key=value>",
      "a setting of that provider, such as uri=qemu:///system",
      (value, before: readonly string[]) => [...before, value],
      [],
    )
    .action((deployment: string | undefined, flags: Flags) => discover(deployment, flags, invocation));
};

interface Row extends Discovered {
  readonly provider: ProviderName;
  /** The instance of the deployment that means it, if any. */
  readonly instance?: string;
}

/** Lists everything that a deployment file could name. Changes nothing. */
const discover = async (wanted: string | undefined, flags: Flags, invocation: Invocation): Promise<void> => {
  const { plugin, set = [] } = flags;
  if ((wanted === undefined) === (plugin === undefined))
    throw new QuiesceError("usage", "Give either a deployment or --plugin.", {
      hint: "For example: quiesce deployments discover --plugin libvirt --set uri=qemu:///system",
    });
  if (plugin === undefined) {
    const { deployment } = await opened(wanted ?? "", invocation);
    print(await look(deployment, invocation), invocation);
    return;
  }
  const config = configOf(set);
  const deployment = await adHocDeployment(plugin, config, invocation);
  const rows = await look(deployment, invocation);
  const { output } = invocation;
  output.document({ schema: "quiesce.discovery/1", objects: rows });
  output.result(draftDeployment("my-deployment", { name: plugin, plugin, config }, rows).trimEnd());
};

const opened = (wanted: string, invocation: Invocation) =>
  withStoreIfAny(
    invocation,
    () => openDeployment(wanted, invocation, undefined),
    (store) => openDeployment(wanted, invocation, store),
  );

const look = async (deployment: Deployment, invocation: Invocation): Promise<readonly Row[]> => {
  const instances = Object.values<Instance>(deployment.instances);
  const stops = listenForStops();
  try {
    return await connected(deployment, invocation, stops.before, async ({ fleet }) => {
      const looking = (Object.keys(deployment.providers) as ProviderName[]).map(async (provider) => {
        const connection = await fleet.connection(provider, "work");
        const found = await Array.fromAsync(connection.discover(stops.before));
        return found.map((one) => rowFor(provider, one, instances));
      });
      return (await unlessStopped(Promise.all(looking), stops.before)).flat();
    });
  } finally {
    stops.close();
  }
};

const rowFor = (provider: ProviderName, found: Discovered, instances: readonly Instance[]): Row => {
  const named = instances.find(
    (one) =>
      one.provider === provider &&
      one.kind === found.kind &&
      (one.providerId === found.providerId || one.providerId === found.name),
  );
  return { ...found, provider, ...(named === undefined ? {} : { instance: named.id }) };
};

const columns = ["PROVIDER", "KIND", "NAME", "ID", "ATTACHED TO", "LISTED AS"].map((heading) => ({ heading }));

const print = (rows: readonly Row[], { output }: Invocation): void => {
  output.document({ schema: "quiesce.discovery/1", objects: rows });
  output.result(
    rows.length === 0
      ? "The providers have nothing that a deployment could name."
      : table(
          columns,
          rows.map((row) => [
            row.provider,
            row.kind,
            row.name,
            row.providerId,
            row.attachedTo ?? "",
            row.instance ?? "",
          ]),
        ),
  );
};
