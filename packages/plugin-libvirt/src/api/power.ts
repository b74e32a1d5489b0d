import type { CallOptions, DomainRef, DomainState, LibvirtReader } from "@quiesce/node-libvirt";
import { jobOf } from "./job.ts";

/**
 * A machine's state in the words of suspend and resume. `saved`: off, with its memory in a managed save image.
 * `asleep`: ACPI S3. `changing`: a job moves it to another state; wait.
 */
export type Power = "running" | "paused" | "asleep" | "saved" | "off" | "changing";

export const powers: readonly Power[] = ["running", "paused", "asleep", "saved", "off", "changing"];

export const powerOf = async (
  { domains }: Pick<LibvirtReader, "domains">,
  domain: DomainRef,
  options: CallOptions,
): Promise<Power> => {
  const state = await domains.state(domain, options);
  if (state.state === "paused" && passing.has(state.reason))
    return (await jobOf({ domains }, domain, options)) === undefined ? "paused" : "changing";
  const power = stateOf(state);
  return power === "off" && (await domains.hasManagedSave(domain, options)) ? "saved" : power;
};

const stateOf = ({ state }: DomainState): Exclude<Power, "saved"> => {
  switch (state) {
    case "running":
    case "blocked":
      return "running";
    case "paused":
      return "paused";
    case "pm-suspended":
      return "asleep";
    case "shut-off":
    case "crashed":
      return "off";
    case "shutting-down":
    case "no-state":
      return "changing";
  }
};

/**
 * Reasons of a pause that ends by itself, as long as libvirt's own job goes on. Without one it is a plain pause: a machine
 * that slept when it was saved comes back with the reason `migration` and stays so (libvirt 9.0).
 */
const passing: ReadonlySet<string> = new Set([
  "migration",
  "save",
  "dump",
  "snapshot",
  "shutting-down",
  "starting-up",
  "post-copy",
]);

export const isActive = (power: Power): boolean => power !== "off" && power !== "saved";
