import { asId, type DeploymentId, type RunRecord } from "@quiesce/core";
import { withStoreIfAny } from "../../compose/with-store.ts";
import type { Invocation } from "../../invocation/invocation.ts";
import type { Define } from "../../program/command-entry.ts";
import { localTime } from "../../render/local-time.ts";
import { table } from "../../render/table.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("[deployment]", "only runs of this deployment, by its name")
    .option("--open", "only runs that have not ended")
    .action((deployment: string | undefined, { open }: { readonly open?: boolean }) =>
      list(deployment, open === true, invocation),
    );
};

const columns = ["RUN", "WORKFLOW", "DEPLOYMENT", "STATUS", "STARTED", "ENDED", "OWED"].map((heading) => ({ heading }));

const list = async (deployment: string | undefined, open: boolean, invocation: Invocation): Promise<void> => {
  const filter = {
    ...(deployment === undefined ? {} : { deployment: asId<DeploymentId>(deployment) }),
    ...(open ? { open } : {}),
  };
  const runs = await withStoreIfAny(
    invocation,
    (): readonly RunRecord[] => [],
    (store) => store.runs(filter),
  );
  const { output } = invocation;
  output.document({ schema: "quiesce.runs/1", runs });
  output.result(runs.length === 0 ? "No runs." : table(columns, runs.map(rowOf)));
};

const rowOf = ({
  run,
  workflow,
  deployment,
  status,
  startedAt,
  settledAt,
  openDebts,
}: RunRecord): readonly string[] => [
  run,
  workflow,
  deployment,
  status,
  localTime(startedAt),
  settledAt === undefined ? "" : localTime(settledAt),
  openDebts === 0 ? "" : `${openDebts} OPEN`,
];
