import { asId, type KeptSet, type Manifest } from "@quiesce/core";
import { shop } from "./sample-plan.ts";

/** A set as a repository knows it, with one item. */
export const keptSet = (id: string, parts: Partial<Manifest> & { readonly store: string }): KeptSet => {
  const { store, ...more } = parts;
  const artefacts = [{ kind: "disk", id: `shop/${id}/vm1/vda`, owner: "id-of-vm1", name: "vda" }];
  return {
    store,
    manifest: {
      schema: "quiesce.backup/1",
      id: asId(id),
      name: id,
      kind: "backup",
      deployment: shop,
      run: asId(id),
      createdAt: asId("2029-12-31T00:00:00.000Z"),
      complete: true,
      repository: { id: "r1", location: "/backups" },
      items: [
        {
          instance: asId("vm1"),
          kind: "vm",
          providerId: "id-of-vm1",
          status: "ok",
          consistency: "fs",
          artefacts,
          saved: { cpus: 2 },
        },
      ],
      ...more,
    },
  };
};
