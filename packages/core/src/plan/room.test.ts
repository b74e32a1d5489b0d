import { expect, test } from "vitest";
import { chain, place } from "../../test/plan/chain.ts";
import { planned, refused } from "../../test/plan/planned.ts";
import { call, deployment, disk, facts, instance, survey } from "../../test/plan/world.ts";
import type { Facts } from "./facts.ts";

const shop = deployment(instance("db", {}), instance("web", {}));
const gib = 1024 ** 3;
const used = (bytes: number) => [{ ...disk("vda", "vm"), bytes: 64 * gib, usedBytes: bytes }];
const surveys = [
  survey("db", { disks: used(2 * gib), bases: ["base-of-s0"] }),
  survey("web", { disks: used(gib / 2) }),
];
const known = (freeBytes?: number, more: Partial<Facts> = {}) =>
  facts(shop, surveys, { repository: { ...place, ...(freeBytes === undefined ? {} : { freeBytes }) }, ...more });

test("a backup that cannot fit is refused with both numbers, before anything is frozen", () => {
  expect(refused("backup", shop, known(2 * gib))).toEqual([
    {
      code: "no-room",
      message:
        "The backup moves 2.5 GiB or more (db 2.0 GiB, web 512.0 MiB), but repository /srv/backups has 2.0 GiB left.",
      hint: expect.stringContaining("backups prune"),
    },
  ]);
});

const fits = (...request: Parameters<typeof planned>): boolean => planned(...request).stages.length > 0;

test("a backup that fits exactly is planned, and so is one of which nobody knows", () => {
  expect(fits("backup", shop, known(2.5 * gib))).toBe(true);
  expect(fits("backup", shop, known())).toBe(true);
  expect(fits("backup", shop, facts(shop, [], { repository: { ...place, freeBytes: 0 } }))).toBe(true);
});

test("what is stored as a difference does not count: nobody knows how much it is", () => {
  expect(fits("backup", shop, known(gib, { sets: chain(0, "db") }), { incremental: true })).toBe(true);
});

test("a snapshot moves nothing, nor does a capture by a script", () => {
  expect(fits("backup", shop, known(0), { kind: "snapshot" })).toBe(true);
  const bound = deployment(instance("db", { bound: { "backup.create": [call("dump")] } }));
  const full = { repository: { ...place, freeBytes: 0 } };
  expect(fits("backup", bound, facts(bound, surveys.slice(0, 1), full))).toBe(true);
});
