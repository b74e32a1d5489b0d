import { z } from "zod";
import { faultSchema } from "../faults/fault.ts";
import { guestChangesSchema } from "../guest/guest-settings.ts";

const name = z.string().min(1);
const count = z.number().int().min(0);
const ms = z.number().min(0);

const disk = z.strictObject({
  /** Such as `vda`; by default the next free one. */
  target: name.optional(),
  /** Size in bytes. */
  bytes: z.number().int().min(0).default(1_048_576),
  format: z.enum(["qcow2", "raw"]).default("qcow2"),
  /** By default a file in the host's folder `images`. A file that is there is used as it is. */
  path: z.string().optional(),
  readonly: z.boolean().default(false),
  /** Text that the disk begins with. */
  content: z.string().optional(),
});

export const domainSpecSchema = z.strictObject({
  name,
  /** More than one makes `name-1`, `name-2` and so on. */
  count: count.optional(),
  uuid: z.uuid().optional(),
  memoryMiB: z.number().int().min(1).default(512),
  /** By default one qcow2 of 1 MiB. */
  disks: z.array(disk).optional(),
  /** Has a channel for a guest agent. */
  agent: z.boolean().default(true),
  firmware: z.enum(["bios", "efi"]).default("bios"),
  networks: z.array(name).default([]),
  state: z.enum(["running", "paused", "shutoff"]).default("running"),
  autostart: z.boolean().default(false),
  /** How the guest behaves. */
  guest: guestChangesSchema.optional(),
  /** Snapshots that are there from the start, oldest first: internal ones, or external ones of the disks alone. */
  snapshots: z
    .array(z.strictObject({ name, description: z.string().optional(), external: z.boolean().default(false) }))
    .default([]),
  /** Names of checkpoints that are there from the start. */
  checkpoints: z.array(name).default([]),
});

const networkSpecSchema = z.strictObject({
  name,
  active: z.boolean().default(true),
  autostart: z.boolean().default(false),
  /** A whole definition instead of an isolated network. */
  xml: z.string().optional(),
});

const poolSpecSchema = z.strictObject({
  name,
  /** By default the host's folder `images`. */
  path: z.string().optional(),
  active: z.boolean().default(true),
  autostart: z.boolean().default(false),
});

/** How fast and how patient a host is; milliseconds. */
export const hostChangesSchema = z.strictObject({
  delays: z
    .strictObject({
      freezeMs: ms,
      thawMs: ms,
      captureMs: ms,
      restoreMs: ms,
      suspendMs: ms,
      resumeMs: ms,
      startMs: ms,
      stopMs: ms,
      shutdownMs: ms,
      saveMs: ms,
      abortMs: ms,
      pushMs: ms,
    })
    .partial()
    .optional(),
  lockWaitMs: ms.optional(),
  maxClientRequests: z.number().int().min(1).optional(),
  authentication: z.enum(["none", "polkit", "polkit-denied"]).optional(),
  blockJobMs: ms.nullable().optional(),
  storeBytes: count.nullable().optional(),
});

const hostSpecSchema = z.strictObject({
  name,
  settings: hostChangesSchema.default({}),
  /** Path of the unix socket, below the simulator's folder unless absolute. By default `<name>.sock`. */
  socket: z.string().optional(),
  domains: z.array(domainSpecSchema).default([]),
  networks: z.array(networkSpecSchema).default([]),
  pools: z.array(poolSpecSchema).default([]),
  faults: z.array(faultSchema).default([]),
});

/** What a simulator consists of at its start. */
export const specSchema = z.strictObject({
  /** What is random is the same again for the same seed. */
  seed: z.number().int().default(1),
  hosts: z.array(hostSpecSchema).min(1),
});

export type DomainSpec = z.infer<typeof domainSpecSchema>;
export type DomainSpecInput = z.input<typeof domainSpecSchema>;
export type NetworkSpecInput = z.input<typeof networkSpecSchema>;
export type PoolSpecInput = z.input<typeof poolSpecSchema>;
export type HostSpec = z.infer<typeof hostSpecSchema>;
export type HostChanges = z.infer<typeof hostChangesSchema>;
export type SpecInput = z.input<typeof specSchema>;
export { networkSpecSchema, poolSpecSchema };
