import type { OwnedArtefact } from "@quiesce/core";
import type { VolumeRef } from "@quiesce/node-libvirt";
import type { Found } from "./found.ts";

/** libvirt's key of a volume is its path, or what stands for one: unique on the host. */
export const volumeFound = (
  kind: string,
  { key, name }: VolumeRef,
  whose: Pick<OwnedArtefact, "tag" | "use"> & { readonly owner?: string },
  remove: Found["remove"],
): Found => ({ artefact: { kind, id: key, owner: key, name, ...whose }, remove });
