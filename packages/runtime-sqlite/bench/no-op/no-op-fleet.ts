import type { Connection, Fleet, Outcome, StepDriver } from "@quiesce/core";
import { asId } from "@quiesce/core";
import { account } from "./no-op-plan.ts";

const nothing: Outcome = { artefacts: [], covered: [], saved: {} };
const unused = async (): Promise<never> => {
  throw new Error("The bench does not use this.");
};

const driver: StepDriver = {
  observe: async () => ({ is: "absent" }),
  act: async () => ({ next: "evidence", outcome: nothing }),
  poll: unused,
  complete: unused,
  discard: unused,
  cancel: unused,
  compare: unused,
  prepare: unused,
  release: unused,
};

const connection: Connection = {
  account: asId(account),
  restrictions: [],
  settleMs: 0,
  survey: unused,
  // oxlint-disable-next-line require-yield -- an empty listing
  async *owned() {},
  discard: unused,
  // oxlint-disable-next-line require-yield -- an empty listing
  async *discover() {},
  doctor: async () => [],
  drive: () => driver,
  close: async () => undefined,
};

/** A provider that takes no time: what is measured is the engine and the store. */
export const noOpFleet: Fleet = { connection: async () => connection, runner: unused, close: async () => undefined };
