import { expect, test } from "vitest";
import { referenceSet } from "./reference-names.ts";

test.each([
  ["db_x7k2p1", "db_x7k2p1-nightly", "nightly"],
  ["db_x7k2p1", "vm-backup_example", "backup_example"],
  ["db", "db-a-b", "a-b"],
  ["db", "db-", undefined],
  ["db", "db2-nightly", undefined],
  ["db", "before-upgrade", undefined],
])("of %s, %s is of the set %s", (instance, snapshot, set) => {
  expect(referenceSet(instance, snapshot)).toBe(set);
});
