import { systemClock, type Manifest } from "@quiesce/core";
import { withStoreIfAny } from "../../compose/with-store.ts";
import type { StateStore } from "../../compose/state-store.ts";
import type { Invocation } from "../../invocation/invocation.ts";
import type { Define } from "../../program/command-entry.ts";
import { deploymentIdOf } from "../../records/deployment-id.ts";
import { namesOfChain } from "../../records/names-of-chain.ts";
import { lookAtArtefacts } from "../../records/look-at-artefacts.ts";
import { restorable } from "../../records/restorable.ts";
import { runOfSet } from "../../records/run-of-set.ts";
import { paintWith } from "../../render/paint.ts";
import { setDetails } from "../../render/set-details.ts";
import { chooseSet } from "../../workflow/choose-set.ts";
import { unknownDeployment } from "../../compose/locate-deployment.ts";

interface Flags {
  readonly kind?: Manifest["kind"];
  readonly offline?: boolean;
}

export const define: Define = (command, invocation) => {
  command
    .argument("<deployment>", "a deployment file or name")
    .argument("<name>", "name or id of the set")
    .option("--kind <kind>", "kind of the set, where two have the name")
    .option("--offline", "do not ask the providers whether the artefacts are still there")
    .action((deployment: string, name: string, flags: Flags) => show(deployment, name, flags, invocation));
};

const show = async (wanted: string, name: string, flags: Flags, invocation: Invocation): Promise<void> =>
  await withStoreIfAny(
    invocation,
    () => Promise.reject<void>(unknownDeployment(wanted, [])),
    async (store) => {
      const deployment = await deploymentIdOf(wanted, invocation.cwd, store);
      await print(await chooseSet(store.catalogue, deployment, name, flags.kind), flags, store, invocation);
    },
  );

const print = async (set: Manifest, flags: Flags, store: StateStore, invocation: Invocation): Promise<void> => {
  const { output } = invocation;
  const looks = flags.offline === true ? "offline" : await lookAtArtefacts(set, store, invocation);
  const verdict = restorable(set, looks);
  const { capturedAt, gaps } = await runOfSet(set, store);
  const chain = namesOfChain(set, await store.catalogue.list({ deployment: set.deployment }));
  output.document({ schema: "quiesce.backup-details/1", ...verdict, capturedAt, gaps, chain, set });
  const nowMs = Date.parse(systemClock.now());
  output.result(
    setDetails({ set, restorable: verdict, capturedAt, gaps, chain, nowMs }, paintWith(output.settings.color)),
  );
};
