import { asId, QuiesceError, type DeploymentId } from "@quiesce/core";
import { locateDeployment, looksLikeFile } from "../compose/locate-deployment.ts";
import { readDeploymentFile } from "../compose/read-deployment-file.ts";
import type { StateStore } from "../compose/state-store.ts";

/**
 * The deployment whose records are meant: by its file or by its name. A name counts also when it is registered no
 * more: its runs and sets are still there.
 */
export const deploymentIdOf = async (wanted: string, cwd: string, store: StateStore): Promise<DeploymentId> => {
  if (looksLikeFile(wanted))
    return (await readDeploymentFile(await locateDeployment(wanted, cwd, store))).deployment.id;
  const id = asId<DeploymentId>(wanted);
  if ((await store.deployments.get(id)) !== undefined) return id;
  if ((await store.catalogue.list({ deployment: id })).length > 0) return id;
  if ((await store.runs({ deployment: id })).length > 0) return id;
  throw new QuiesceError("not-found", `Nothing is known of a deployment "${wanted}".`, {
    hint: "List what is registered: quiesce deployments list",
  });
};
