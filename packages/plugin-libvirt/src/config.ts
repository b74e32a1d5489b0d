import { z } from "zod";

const milliseconds = (whole: number) => z.int().min(100).max(3_600_000).default(whole);

/** The keys of a provider in a deployment file that this plugin reads. */
export const config = z.strictObject({
  /** As libvirt writes it: `qemu:///system`, `qemu+unix:///session?socket=/path`. Without it the daemon on this machine. */
  uri: z.string().min(1).optional(),
  /** How long the daemon waits for the agent in a guest before a call to it fails. Default 5 s. */
  agentMs: milliseconds(5000),
  /** Deadline of a short call. Default 40 s: the daemon itself waits 30 s for a busy machine, and its error says more. */
  callMs: milliseconds(40_000),
  /** Deadline of opening a connection. Default 10 s. */
  connectMs: milliseconds(10_000),
});

export type Config = z.output<typeof config>;
