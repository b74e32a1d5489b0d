import type { Manifest } from "@quiesce/core";
import { withStoreIfAny } from "../../compose/with-store.ts";
import type { Invocation } from "../../invocation/invocation.ts";
import type { Define } from "../../program/command-entry.ts";
import { deploymentIdOf } from "../../records/deployment-id.ts";
import { stateOfSet, weakestConsistency } from "../../records/set-rows.ts";
import { age } from "../../render/age.ts";
import { localTime } from "../../render/local-time.ts";
import { table } from "../../render/table.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("[deployment]", "only the sets of this deployment")
    .action((deployment: string | undefined) => list(deployment, invocation));
};

const columns = ["DEPLOYMENT", "NAME", "KIND", "STATE", "CONSISTENCY", "MADE", "AGE"].map((heading) => ({ heading }));

const list = async (wanted: string | undefined, invocation: Invocation): Promise<void> => {
  const { output, cwd } = invocation;
  const backups = await withStoreIfAny(
    invocation,
    (): readonly Manifest[] => [],
    async (store) =>
      await store.catalogue.list(wanted === undefined ? {} : { deployment: await deploymentIdOf(wanted, cwd, store) }),
  );
  output.document({ schema: "quiesce.backups/1", backups });
  output.result(backups.length === 0 ? "No sets." : table(columns, backups.map(rowOf)));
};

const rowOf = (set: Manifest): readonly string[] => [
  set.deployment,
  set.name,
  set.kind,
  stateOfSet(set),
  weakestConsistency(set) ?? "",
  localTime(set.createdAt),
  age(set.createdAt, Date.now()),
];
