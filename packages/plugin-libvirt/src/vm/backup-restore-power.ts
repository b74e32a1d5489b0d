import { isActive, type Power } from "../api/power.ts";

/** What a restored machine is to do: memory is not part of a backup, so what slept or was saved boots when it is woken. */
export type RestoredPower = "running" | "paused" | "off";

export const restoredPower = (captured: Power): RestoredPower => {
  switch (captured) {
    case "running":
    case "changing":
      return "running";
    case "paused":
    case "asleep":
      return "paused";
    case "off":
    case "saved":
      return "off";
  }
};

/** Why it does something else than when it was captured. */
export const powerNotes = (captured: Power): readonly string[] => {
  switch (captured) {
    case "asleep":
      return [
        "It slept when it was captured. Its memory is not in the backup: it is paused now, and boots when it is resumed.",
      ];
    case "saved":
      return [
        "It was saved with its memory when it was captured. Its memory is not in the backup: it boots at its next start.",
      ];
    case "paused":
      return ["It was paused when it was captured. Its memory is not in the backup: it boots when it is resumed."];
    case "running":
    case "off":
    case "changing":
      return [];
  }
};

/** A machine that is to be off may have been started by its user since. */
export const isAsWanted = (wanted: RestoredPower, now: Power): boolean =>
  wanted === "off" ? now === "off" || isActive(now) : now === wanted;
