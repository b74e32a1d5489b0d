import { join } from "node:path";
import { expect, test } from "vitest";
import { planMermaid } from "../plan-text/plan-mermaid.ts";
import { planTree } from "../plan-text/plan-tree.ts";
import { byteSet, byteShop, byteShopFacts } from "../../test/plan/byte-shop.ts";
import { planned, stepOf } from "../../test/plan/planned.ts";
import { item, set } from "../../test/plan/set.ts";
import { webShop, webShopFacts } from "../../test/plan/web-shop.ts";
import { suspended } from "../../test/plan/world.ts";
import { asId } from "../model/id.ts";
import type { PlanOptions } from "./options.ts";
import type { PlanBody } from "./plan.ts";
import type { Workflow } from "../vocabulary/operation.ts";

// Whole plans as users read them. A change of a rule shows here as a change of text: read the difference, then
// accept it with `vitest -u`.

const golden = (name: string): string => join(import.meta.dirname, "golden", name);
const taken = { kind: "volume", coveredBy: asId<never>("db"), artefacts: [] } as const;
const snapshot = set(
  "snapshot",
  item("db", { freezeWindowMs: 1800 }),
  item("data", taken),
  item("db/vdc", { ...taken, providerId: "pool/logs" }),
  item("queue", { consistency: "offline" }),
  item("web-1"),
  item("web-2", { consistency: "crash" }),
  item("lan", { kind: "network", consistency: "crash" }),
);
const cheap = { exclude: [asId<never>("mail")], kind: "snapshot" } as const;
const cases: readonly (readonly [string, Workflow, Partial<PlanOptions>])[] = [
  ["suspend", "suspend", {}],
  ["resume", "resume", {}],
  ["backup-together", "backup", { kind: "backup" }],
  ["snapshot-together", "backup", cheap],
  ["snapshot-each", "backup", { ...cheap, scope: "instance" }],
  ["snapshot-unfrozen", "backup", { ...cheap, quiesce: "off" }],
  ["snapshot-data-alone", "backup", { kind: "backup", include: [asId("data")] }],
  ["restore", "restore", { from: snapshot }],
  ["restore-db", "restore", { from: snapshot, include: ["db", "data", "db/vdc", "postgres"].map((id) => asId(id)) }],
  ["remove-backup", "remove_backup", { from: snapshot }],
];

const db = { include: [asId<never>("db"), asId<never>("data")] };
const beside = { as: { name: "db-test", connect: false }, exclude: [asId<never>("archive")] };
const byteCases: readonly (readonly [string, Workflow, Partial<PlanOptions>])[] = [
  ["backup-held", "backup", db],
  ["backup-increment", "backup", { ...db, incremental: true }],
  ["backup-falls-back", "backup", { incremental: true, scope: "instance" }],
  ["restore-as", "restore", { ...beside, from: byteSet }],
  ["restore-recovery", "restore", { from: byteSet }],
];

test.each(byteCases)("%s", async (name, workflow, options) => {
  const text = planTree(planned(workflow, byteShop, byteShopFacts, options), { explain: true });
  await expect(text).toMatchFileSnapshot(golden(`${name}.txt`));
});

test("an increment and a recovery point as JSON", async () => {
  const increment = planned("backup", byteShop, byteShopFacts, { ...db, incremental: true });
  const restore = planned("restore", byteShop, byteShopFacts, { from: byteSet });
  const steps = [stepOf(increment, "backup.create/db"), stepOf(restore, "backup.restore/db")];
  await expect(`${JSON.stringify(steps, null, 2)}\n`).toMatchFileSnapshot(golden("backup-steps.json"));
});

const bodyOf = (workflow: Workflow, options: Partial<PlanOptions>): PlanBody =>
  planned(workflow, webShop, webShopFacts({ suspended: suspended("db", "web-1") }), options);

test.each(cases)("%s", async (name, workflow, options) => {
  await expect(planTree(bodyOf(workflow, options), { explain: true })).toMatchFileSnapshot(golden(`${name}.txt`));
});

test("a plan as a Mermaid flowchart", async () => {
  await expect(planMermaid(bodyOf("backup", cheap))).toMatchFileSnapshot(golden("snapshot-together.mmd"));
});

test("a plan as JSON: what is saved today is read tomorrow", async () => {
  const text = `${JSON.stringify(bodyOf("backup", { ...cheap, include: [asId("db")] }), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(golden("snapshot-db.json"));
});
