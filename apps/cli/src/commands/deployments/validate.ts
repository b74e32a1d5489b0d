import { locateDeployment } from "../../compose/locate-deployment.ts";
import { readDeploymentFile } from "../../compose/read-deployment-file.ts";
import { withStoreIfAny } from "../../compose/with-store.ts";
import type { Invocation } from "../../invocation/invocation.ts";
import { createPluginLoader } from "../../plugins/load-plugin.ts";
import type { Define } from "../../program/command-entry.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("<deployment>", "a deployment file, or the name of a registered deployment")
    .action((deployment: string) => validate(deployment, invocation));
};

/** Checks the file and that its plugins are installed; asks no provider and reads no secret. */
const validate = async (wanted: string, invocation: Invocation): Promise<void> => {
  const { output, cwd } = invocation;
  const file = await withStoreIfAny(
    invocation,
    () => locateDeployment(wanted, cwd, undefined),
    (store) => locateDeployment(wanted, cwd, store),
  );
  const { deployment, selectors, notes } = await readDeploymentFile(file);
  const loader = createPluginLoader(cwd);
  for (const { plugin } of Object.values(deployment.providers)) await loader.plugin(plugin);
  const instances = Object.keys(deployment.instances).length;
  output.document({ schema: "quiesce.validation/1", file, deployment: deployment.id, valid: true, notes });
  for (const { message } of notes) output.warn(`note: ${message}`);
  output.result(
    `${file} is a valid deployment: ${deployment.id}, ${instances} instance(s), ${selectors.length} selector(s).`,
  );
};
