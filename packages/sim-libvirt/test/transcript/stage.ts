import type { Libvirt } from "@quiesce/node-libvirt";
import type { Narrator } from "./narrator.ts";

/** What a story needs besides the daemon. */
export interface Stage {
  readonly story: Narrator;
  readonly libvirt: Libvirt;
  /** Definition of a domain with two qcow2 disks (vda at /vda, vdb at /vdb) and an agent, under any name. */
  readonly guestXml: (name: string) => string;
  /** Waits until the guest's agent answers. */
  readonly agentReady: () => Promise<void>;
}
