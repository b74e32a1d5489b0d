import type { Instance } from "@quiesce/core";
import { openDeployment, type OpenedDeployment } from "../../compose/open-deployment.ts";
import { withStoreIfAny } from "../../compose/with-store.ts";
import type { Invocation } from "../../invocation/invocation.ts";
import type { Define } from "../../program/command-entry.ts";
import { table } from "../../render/table.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("<deployment>", "a deployment file, or the name of a registered deployment")
    .action((deployment: string) => show(deployment, invocation));
};

const columns = ["INSTANCE", "KIND", "PROVIDER", "ID", "RELATIONS", "BOUND", "SKIP"].map((heading) => ({ heading }));

const show = async (wanted: string, invocation: Invocation): Promise<void> => {
  const { output } = invocation;
  const opened = await withStoreIfAny(
    invocation,
    () => openDeployment(wanted, invocation, undefined),
    (store) => openDeployment(wanted, invocation, store),
  );
  const { deployment, file, selectors } = opened;
  output.document({ schema: "quiesce.deployment/1", file, ...deployment, selectors });
  const instances = Object.values<Instance>(deployment.instances);
  output.result(
    [
      `${deployment.id} (${file})`,
      ...Object.entries(deployment.providers).map(
        ([name, { plugin, site }]) => `provider ${name}: ${plugin}, site ${site}`,
      ),
      ...selectors.map(selectorLine),
      "",
      table(columns, instances.map(rowOf)),
    ].join("\n"),
  );
};

const selectorLine = ({ name, provider, kind }: OpenedDeployment["selectors"][number]): string =>
  `selector ${name}: each ${kind} of ${provider} that fits, when a plan is made`;

const rowOf = ({ id, kind, provider, providerId, relations, bound, skip }: Instance): readonly string[] => [
  id,
  kind,
  provider ?? "",
  providerId ?? "",
  relations.map(({ type, to }) => `${type} ${to}`).join(", "),
  Object.keys(bound).join(", "),
  skip.join(", "),
];
