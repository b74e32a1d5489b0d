import { asId } from "../../src/model/id.ts";
import type { Deployment } from "../../src/model/deployment.ts";
import type { Facts } from "../../src/plan/facts.ts";
import { deployment, disk, facts, instance, providerIdOf, service, survey } from "./world.ts";

/**
 * A shop as users have it: two web machines behind a queue, a database with a service and two volumes (one of them
 * not listed), a cloud machine that nobody can freeze, a network.
 */
export const webShop: Deployment = deployment(
  instance("db", { depends_on: ["lan"] }),
  service("postgres", "db"),
  instance("data", { kind: "volume", attached_to: "db" }),
  instance("queue", { depends_on: ["db"] }),
  instance("web-1", { depends_on: ["queue"] }),
  { ...instance("web-2", { depends_on: ["queue"] }), skip: ["freeze"] },
  instance("mail", { provider: asId("cl") }),
  instance("lan", { kind: "network" }),
);

export const webShopFacts = (more: Partial<Facts> = {}): Facts =>
  facts(
    webShop,
    [
      survey("db", {
        disks: [disk("vda", "vm"), disk("vdb", "vm", providerIdOf("data")), disk("vdc", "vm", "pool/logs")],
        maxFreezeMs: 10_000,
        estimate: { freezeMs: 200, captureMs: 1500, thawMs: 100 },
        notes: ["A checkpoint of another tool is there; it is left alone."],
      }),
      survey("data", { attachedTo: [providerIdOf("db")] }),
      survey("queue", {
        lowered: [
          {
            cell: { kind: "vm", operation: "freeze" },
            mode: "not-applicable",
            reason: "the machine is off",
          },
          {
            cell: { kind: "vm", operation: "suspend" },
            mode: "not-applicable",
            reason: "the machine is off",
          },
        ],
      }),
    ],
    more,
  );
