import type { Drive } from "../run/drive.ts";
import { driveStep } from "../run/drive-step.ts";
import type { Engine } from "../run/engine.ts";
import { nextEpoch } from "../run/next-epoch.ts";
import { runChain } from "../run/run-chain.ts";

/** The engine of one process: steps by driveStep, chains side by side. */
export const embeddedEngine = (drive: Drive): Engine => {
  const engine: Engine = {
    step: (step, epoch) => driveStep(step, epoch, drive),
    fork: async (work) => {
      // All chains end before a bug in one of them goes on: the others' debts are being paid.
      const ends = await Promise.allSettled(work.map((one) => runChain(one, engine)));
      return ends.map((end) => {
        if (end.status === "rejected") throw end.reason;
        return end.value;
      });
    },
    epoch: (window) => nextEpoch(drive, window),
  };
  return engine;
};
