import type { DeploymentId } from "../model/id.ts";
import type { Manifest } from "../model/manifest.ts";

/** Read side only: `Store.commit` writes it, as a projection of the events. */
export interface Catalogue {
  /** Sets of a deployment with this name or id; two kinds may share a name. Newest first. */
  find(deployment: DeploymentId, nameOrId: string): Promise<readonly Manifest[]>;
  /** Newest first: of what the runs of this store made, what a later one made, whatever the clock said. */
  list(filter: { readonly deployment?: DeploymentId }): Promise<readonly Manifest[]>;
}
