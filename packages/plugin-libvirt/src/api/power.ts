import type { DomainRef, DomainState, LibvirtReader } from "@quiesce/node-libvirt";
import type { CallOptions } from "@quiesce/node-libvirt";

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
  const power = stateOf(state);
  return power === "off" && (await domains.hasManagedSave(domain, options)) ? "saved" : power;
};

const stateOf = ({ state, reason }: DomainState): Exclude<Power, "saved"> => {
  switch (state) {
    case "running":
    case "blocked":
      return "running";
    case "paused":
      return passing.has(reason) ? "changing" : "paused";
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

/** Reasons of a pause that ends by itself: libvirt holds the machine for a job of its own. */
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
