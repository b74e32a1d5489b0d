import { failure } from "@quiesce/core";
import { isLibvirtError, type AgentWriter } from "@quiesce/node-libvirt";
import type { GuestReader } from "./session.ts";

/** Gives the reading half these three questions and no other command: the agent's door for commands is a writing call. */
export const guestReader = ({ command }: Pick<AgentWriter, "command">, seconds: number): GuestReader => ({
  freezeStatus: async (domain, options) => {
    const status = await command(domain, { execute: "guest-fsfreeze-status" }, seconds, options);
    if (status === "frozen" || status === "thawed") return status;
    throw failure("protocol", `The guest agent of ${domain.name} told an unknown freeze status.`);
  },
  os: async (domain, options) => {
    try {
      const info = await command(domain, { execute: "guest-get-osinfo" }, seconds, options);
      return field(info, "id");
    } catch (thrown) {
      // An old agent does not know the command, and a frozen one refuses it.
      if (isLibvirtError(thrown, "internal-error")) return undefined;
      throw thrown;
    }
  },
  clockMs: async (domain, options) => {
    const nanoseconds = await command(domain, { execute: "guest-get-time" }, seconds, options);
    if (typeof nanoseconds === "number") return nanoseconds / 1e6;
    throw failure("protocol", `The guest agent of ${domain.name} told no time.`);
  },
});

const field = (object: unknown, name: string): string | undefined => {
  const value: unknown = typeof object === "object" && object !== null ? Reflect.get(object, name) : undefined;
  return typeof value === "string" ? value : undefined;
};
