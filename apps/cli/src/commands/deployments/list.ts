import type { Registered } from "@quiesce/runtime-sqlite";
import { withStoreIfAny } from "../../compose/with-store.ts";
import type { Invocation } from "../../invocation/invocation.ts";
import type { Define } from "../../program/command-entry.ts";
import { localTime } from "../../render/local-time.ts";
import { table } from "../../render/table.ts";

export const define: Define = (command, invocation) => {
  command.action(() => list(invocation));
};

const columns = ["NAME", "FILE", "ADDED"].map((heading) => ({ heading }));

const list = async (invocation: Invocation): Promise<void> => {
  const deployments = await withStoreIfAny(
    invocation,
    (): readonly Registered[] => [],
    (store) => store.deployments.list(),
  );
  const { output } = invocation;
  output.document({ schema: "quiesce.deployments/1", deployments });
  output.result(
    deployments.length === 0
      ? "No deployment is registered. Register one: quiesce deployments add FILE"
      : table(
          columns,
          deployments.map(({ name, file, addedAt }) => [name, file, localTime(addedAt)]),
        ),
  );
};
