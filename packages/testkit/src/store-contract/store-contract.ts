import { describe, expect, test } from "vitest";
import { agreesWithFold, agreesWithMemory } from "./agreement.ts";
import { agreesOnCalls } from "./agreement-on-calls.ts";
import { backupCases } from "./backup-cases.ts";
import { beginCases } from "./begin-cases.ts";
import { commitCases } from "./commit-cases.ts";
import { debtCases } from "./debt-cases.ts";
import { leaseCases } from "./lease-cases.ts";
import { lockCases } from "./lock-cases.ts";
import { recoveryCases } from "./recovery-cases.ts";
import { setCases } from "./set-cases.ts";
import { inPlace, type StoreCase, type StorePlace } from "./store-case.ts";
import { takeOverCases } from "./take-over-cases.ts";
import { undoneCases } from "./undone-cases.ts";

export { pictureOf } from "./picture-of.ts";
export { fillStore } from "./sample-content.ts";
export { wallClock } from "./store-case.ts";
export type { StorePlace, WallClock } from "./store-case.ts";

const groups: Readonly<Record<string, readonly StoreCase[]>> = {
  "starting a run": beginCases,
  locks: lockCases,
  "taking a run over": takeOverCases,
  "a run held without its locks": leaseCases,
  commits: commitCases,
  "backup sets": backupCases,
  "sets beside their runs": setCases,
  "debts and suspensions": debtCases,
  "what was taken back": undoneCases,
  "ways back from restores": recoveryCases,
};

/**
 * The tests that every store must pass; call it at the top of a vitest file. `make` gives an empty place for each
 * test. `runs`: how many random journals are tried, default 50.
 */
export const storeContract = (store: string, make: () => Promise<StorePlace>, runs = 50): void => {
  describe(`store contract of ${store}`, () => {
    for (const [group, cases] of Object.entries(groups))
      for (const { name, test: body } of cases)
        test(`${group}: ${name}`, async () => {
          expect.hasAssertions();
          await inPlace(make, body);
        });

    test("any journal means what the fold of its events means, also to a process that opens the store later", async () => {
      expect.hasAssertions();
      await agreesWithFold(make, runs);
    });

    test("any calls by any processes are answered as in memory, and nobody works beside another", async () => {
      expect.hasAssertions();
      await agreesOnCalls(make, runs);
    });

    test("any journal gives the same catalogue, debts, suspensions and ways back as in memory", async () => {
      expect.hasAssertions();
      await agreesWithMemory(make, runs);
    });
  });
};
