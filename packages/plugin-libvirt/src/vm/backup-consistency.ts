import type { Consistency } from "@quiesce/core";
import type { Power } from "../api/power.ts";

/** A backup holds disks only: what a machine that is not off had in its memory is not in it. */
export const captureConsistency = (power: Power, frozen: boolean): Consistency => {
  switch (power) {
    case "running":
      return frozen ? "fs" : "crash";
    case "off":
      return "offline";
    case "paused":
    case "asleep":
    case "saved":
    case "changing":
      return "paused";
  }
};
