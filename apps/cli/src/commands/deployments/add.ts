import { QuiesceError, systemClock } from "@quiesce/core";
import { locateDeployment } from "../../compose/locate-deployment.ts";
import { readDeploymentFile } from "../../compose/read-deployment-file.ts";
import { withStore } from "../../compose/with-store.ts";
import type { Invocation } from "../../invocation/invocation.ts";
import type { Define } from "../../program/command-entry.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("<file>", "a deployment file; its `name` is the name that commands use")
    .option("--replace", "the name may be registered already, with another file")
    .action((file: string, { replace }: { readonly replace?: boolean }) => add(file, replace === true, invocation));
};

const add = async (wanted: string, replace: boolean, invocation: Invocation): Promise<void> => {
  const { output, cwd } = invocation;
  const file = await locateDeployment(wanted, cwd, undefined);
  const { deployment } = await readDeploymentFile(file);
  await withStore(invocation, async (store) => {
    const before = await store.deployments.get(deployment.id);
    if (before !== undefined && before.file !== file && !replace)
      throw new QuiesceError("refused", `${deployment.id} is registered already, with ${before.file}.`, {
        hint: "Add --replace when this file is meant, or give it another name.",
      });
    await store.deployments.put({ name: deployment.id, file, addedAt: systemClock.now() });
  });
  output.document({ schema: "quiesce.deployments/1", deployments: [{ name: deployment.id, file }] });
  output.result(`Registered ${deployment.id} (${file}).\nNext: quiesce doctor ${deployment.id}`);
};
