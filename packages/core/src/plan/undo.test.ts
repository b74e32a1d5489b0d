import { expect, test } from "vitest";
import { asId, type RunId } from "../model/id.ts";
import type { RecoveryRecord } from "../model/recovery.ts";
import { planTree } from "../plan-text/plan-tree.ts";
import { codesOf, notesOf, shapeOf, stepOf } from "../../test/plan/planned.ts";
import { item, set } from "../../test/plan/set.ts";
import { deployment, facts, instance, options, service } from "../../test/plan/world.ts";
import { commitBody } from "./commit.ts";
import { undoBody } from "./undo.ts";

const shop = deployment(instance("db", {}), instance("web", {}), service("pg", "db"));
const run = (id: string): RunId => asId<RunId>(id);
const record = (id: string, of: string, fields: Partial<RecoveryRecord> = {}): RecoveryRecord => ({
  run: run(of),
  deployment: asId("shop"),
  instance: asId(id),
  kind: "vm",
  provider: asId("hv"),
  providerId: `id-of-${id}`,
  at: asId("2026-01-03T00:00:00.000Z"),
  backup: { name: "nightly", kind: "backup" },
  input: { from: [], saved: { power: "running" }, as: { place: "in-place" } },
  point: { is: "old-disks", detail: "The old disks.", kept: { disks: ["old"] } },
  ...fields,
});
const undo = (records: readonly RecoveryRecord[], of?: string, more: Parameters<typeof facts>[2] = {}, wanted = {}) =>
  undoBody({ records, ...(of === undefined ? {} : { run: run(of) }) }, shop, facts(shop, [], more), options(wanted));
const commit = (records: readonly RecoveryRecord[], of?: string) =>
  commitBody({ records, ...(of === undefined ? {} : { run: run(of) }) }, shop, facts(shop), options());
const valueOf = <T>(
  made: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: unknown },
): T => {
  if (made.ok) return made.value;
  throw new Error(JSON.stringify(made.problems));
};
const problemsOf = (made: ReturnType<typeof undo>) => {
  if (made.ok) throw new Error("There is a plan.");
  return made.problems;
};

test("a restore is taken back by its own input and what it kept; services in its machines are quiet meanwhile", () => {
  const body = valueOf(undo([record("web", "r1"), record("db", "r1")]));
  expect(shapeOf(body)).toEqual([
    "prepare services: db[freeze/pg]",
    "restore: db[undo/db] web[undo/web]",
    "finalize services: db[thaw/pg]",
  ]);
  expect(stepOf(body, "undo/db")).toMatchObject({
    does: "undo",
    of: "r1",
    operation: "backup.restore",
    provider: "hv",
    risk: "destructive",
    targets: [{ providerId: "id-of-db" }],
    input: { saved: { power: "running" }, restored: { run: "r1", backup: "nightly" }, kept: { disks: ["old"] } },
  });
  expect(body).toMatchObject({ workflow: "restore", backup: { name: "nightly" } });
  expect(body.locks).toEqual(["hv-account/id-of-db", "hv-account/id-of-web"]);
  expect(body.surveyed).toMatchObject({ db: "sha256:db", web: "sha256:web" });
  expect(planTree(body)).toMatch(
    /Take back the restore of db \(id-of-db\) from backup nightly\n.*destructive\n.*none \(what/,
  );
});

test("the newest run that restored is meant, unless one is named; what is left out stays", () => {
  const records = [record("web", "r2"), record("web", "r1"), record("db", "r1")];
  expect(shapeOf(valueOf(undo(records)))).toEqual(["restore: web[undo/web]"]);
  expect(shapeOf(valueOf(undo(records, "r1", {}, { exclude: [asId("web")] })))[1]).toBe("restore: db[undo/db]");
});

test("a newer restore of the same machine is taken back first; one beside it is not in the way", () => {
  const beside = { input: { as: { place: "new", name: "twin", connect: false } } };
  const records = [record("db", "r3", beside), record("db", "r2"), record("db", "r1")];
  const [problem, ...others] = problemsOf(undo(records, "r1"));
  expect(others).toEqual([]);
  expect(problem).toMatchObject({ code: "unsupported", instance: "db", hint: expect.stringMatching(/--undo r2/) });
  expect(undo(records, "r2").ok).toBe(true);
  const twin = valueOf(undo(records));
  expect(shapeOf(twin)).toEqual(["restore: db[undo/db]"]);
  expect(stepOf(twin, "undo/db").title).toContain("twin");
});

test("without a way back there is no plan", () => {
  expect(codesOf(problemsOf(undo([])))).toEqual(["not-found"]);
  expect(codesOf(problemsOf(undo([record("db", "r1")], "r7")))).toEqual(["not-found"]);
  expect(codesOf(problemsOf(undo([record("db", "r1", { deployment: asId("other") })])))).toEqual(["not-found"]);
  expect(codesOf(problemsOf(undo([record("db", "r1")], "r1", {}, { include: [asId("web")] })))).toEqual([
    "empty-selection",
  ]);
  expect(codesOf(problemsOf(undo([record("db", "r1", { provider: asId("gone"), providerId: "other" })])))).toEqual([
    "config-invalid",
  ]);
});

test("a machine that was made anew is removed, and the plan says so", () => {
  const absent = { point: { is: "absent", detail: "It was gone.", kept: {} } } as const;
  expect(stepOf(valueOf(undo([record("db", "r1", absent)])), "undo/db").title).toMatch(/it is removed with its disks/);
});

test("sets that were taken since the restore are told", () => {
  const later = { ...set("backup", item("db")), name: "after", createdAt: asId<never>("2026-01-04T00:00:00.000Z") };
  const sets = [later, set("backup", item("db"))];
  expect(notesOf(valueOf(undo([record("db", "r1")], "r1", { sets })))).toMatch(/after was taken since.*full/);
});

test("to keep a restored state takes the older ways back along, and stops nothing", () => {
  const records = [record("db", "r2"), record("web", "r1"), record("db", "r1")];
  const body = valueOf(commit(records));
  expect(shapeOf(body)).toEqual(["remove what was kept: db[commit/db, commit.2/db]"]);
  expect(stepOf(body, "commit/db")).toMatchObject({ does: "commit", of: "r2", risk: "destructive" });
  expect(stepOf(body, "commit.2/db")).toMatchObject({ does: "commit", of: "r1" });
  expect(notesOf(body)).toMatch(/older restore of db \(run r1/);
  expect(shapeOf(valueOf(commit(records, "r1")))).toEqual(["remove what was kept: db[commit/db] web[commit/web]"]);
});
