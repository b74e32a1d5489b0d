import { asId, QuiesceError, type DeploymentId } from "@quiesce/core";
import { withStore } from "../../compose/with-store.ts";
import type { Invocation } from "../../invocation/invocation.ts";
import type { Define } from "../../program/command-entry.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("<name>", "a registered deployment; its file, runs and sets stay")
    .action((name: string) => remove(name, invocation));
};

const remove = async (name: string, invocation: Invocation): Promise<void> => {
  const { output } = invocation;
  const id = asId<DeploymentId>(name);
  const kept = await withStore(invocation, async (store) => {
    if (!(await store.deployments.remove(id)))
      throw new QuiesceError("not-found", `There is no registered deployment "${name}".`, {
        hint: "List them: quiesce deployments list",
      });
    return (await store.catalogue.list({ deployment: id })).length;
  });
  output.document({ schema: "quiesce.deployments/1", deployments: [] });
  output.result(`Forgot ${name}. Its file is untouched${kept === 0 ? "" : `, and its ${kept} set(s) are kept`}.`);
};
