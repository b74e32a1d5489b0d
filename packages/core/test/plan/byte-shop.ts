import { holding } from "../../src/capability/declare.ts";
import type { Matrix } from "../../src/capability/capability.ts";
import type { Deployment } from "../../src/model/deployment.ts";
import { asId } from "../../src/model/id.ts";
import type { Facts } from "../../src/plan/facts.ts";
import { chain, grown, named, place } from "./chain.ts";
import { hypervisor } from "./matrix.ts";
import { item } from "./set.ts";
import { deployment, disk, facts, instance, providerIdOf, service, survey } from "./world.ts";

const matrices: Readonly<Record<string, Matrix>> = {
  hv: { ...hypervisor, vm: { ...hypervisor.vm, "backup.create": holding("0.2.0") } },
};

/** A database whose backups hold a job, a machine whose disk tracks no changes, one without earlier backups. */
export const byteShop: Deployment = deployment(
  instance("db", { depends_on: ["lan"] }),
  service("postgres", "db"),
  instance("data", { kind: "volume", attached_to: "db" }),
  instance("web", { depends_on: ["db"] }),
  instance("archive", {}),
  instance("lan", { kind: "network" }),
);

export const byteShopFacts: Facts = facts(
  byteShop,
  [
    survey("db", {
      disks: [disk("vda", "vm"), disk("vdb", "vm", providerIdOf("data"))],
      bases: ["base-of-s1"],
      recovery: { "backup.restore": { is: "old-disks", detail: "kept until --commit, 12.0 GiB" } },
    }),
    survey("data", {
      attachedTo: [providerIdOf("db")],
      lowered: [
        { cell: { kind: "volume", operation: "backup.create" }, mode: "no-api", reason: "it is attached to db." },
      ],
    }),
    survey("web", { noIncrement: "its disk vda is raw and tracks no changes." }),
    survey("archive", {
      recovery: { "backup.restore": { is: "none", reason: "the pool has no room for its disks twice" } },
    }),
  ],
  { matrices, sets: chain(1, "db", "web"), repository: place },
);

/** A set with everything of the shop but `web`. */
export const byteSet = named(
  "s9",
  grown("db", "s9", undefined, { freezeWindowMs: 900 }),
  item("data", { kind: "volume", coveredBy: asId("db"), artefacts: [] }),
  grown("archive", "s9"),
  item("lan", { kind: "network" }),
);
