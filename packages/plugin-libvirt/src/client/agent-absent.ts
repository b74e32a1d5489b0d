import { isLibvirtError } from "@quiesce/node-libvirt";

/** The guest's end of the agent channel is not open: nothing was sent. (A hung agent has the same code and another text.) */
export const isAgentAbsent = (thrown: unknown): boolean =>
  isLibvirtError(thrown, "agent-unresponsive") && thrown.daemonMessage.includes("not connected");
