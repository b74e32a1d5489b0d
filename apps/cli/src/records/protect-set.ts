import type { Manifest } from "@quiesce/core";
import { repositoryOf } from "../compose/open-repository.ts";
import { withStore, settingsOf } from "../compose/with-store.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { chooseSet } from "../workflow/choose-set.ts";
import { deploymentIdOf } from "./deployment-id.ts";

/** Sets or clears the protection of a set, in the catalogue and in its manifest: a rebuilt catalogue knows it too. */
export const protectSet = async (
  wanted: { readonly deployment: string; readonly name: string; readonly kind?: Manifest["kind"] },
  protect: boolean,
  invocation: Invocation,
): Promise<void> => {
  const settings = await settingsOf(invocation);
  await withStore(invocation, async (store) => {
    const deployment = await deploymentIdOf(wanted.deployment, invocation.cwd, store);
    const set = await chooseSet(store.catalogue, deployment, wanted.name, wanted.kind);
    const repository = await repositoryOf(set, settings);
    await store.annotate(set.id, { protected: protect });
    const { protected: _before, ...rest } = set;
    const manifest: Manifest = protect ? { ...rest, protected: true } : rest;
    await repository?.keepManifest({ store: store.id, manifest });
    invocation.output.document({ schema: "quiesce.protection/1", id: set.id, name: set.name, protected: protect });
    invocation.output.result(
      `${set.kind} ${set.name} of ${deployment} is ${protect ? "protected: it is neither removed nor pruned" : "not protected any more"}.`,
    );
  });
};
