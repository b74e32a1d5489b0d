import type { Consistency } from "@quiesce/core";
import type { Power } from "../api/power.ts";

/**
 * What a capture of all disks achieves. `unfrozen`: what it is worth for a machine that runs and is not frozen. One whose
 * memory is not in it although it has some left is `paused`, not `offline`.
 */
export const captureConsistency = (power: Power, frozen: boolean, unfrozen: "crash" | "memory"): Consistency => {
  switch (power) {
    case "running":
      return frozen ? "fs" : unfrozen;
    case "off":
      return "offline";
    case "paused":
    case "asleep":
    case "saved":
    case "changing":
      return "paused";
  }
};
