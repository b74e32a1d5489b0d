import { z } from "zod";

const ms = z.number().min(0);

/** Changes of a guest's behaviour, as plain data. */
export const guestChangesSchema = z.strictObject({
  /** `dead`: the agent has ended; `hung`: it takes commands and answers none until it is `running` again. */
  agent: z.enum(["running", "dead", "hung"]).optional(),
  /** Milliseconds until the agent answers a command. */
  agentDelayMs: ms.optional(),
  /** Milliseconds from power on until the agent is there. */
  bootMs: ms.optional(),
  /** Milliseconds after a freeze until the guest thaws itself, as Windows does; `null` for never. */
  autoThawMs: ms.nullable().optional(),
  /** What happens to a guest's write to a frozen file system. */
  writeWhileFrozen: z.enum(["refuse", "wait"]).optional(),
  /** The file systems; without them, one ext4 on each disk. */
  filesystems: z
    .array(z.strictObject({ mountpoint: z.string(), disk: z.string(), type: z.string() }))
    .readonly()
    .nullable()
    .optional(),
});

export type GuestChanges = z.infer<typeof guestChangesSchema>;

/** How a guest behaves. All of it may change while the guest runs. */
export type GuestSettings = { readonly [K in keyof GuestChanges]-?: Exclude<GuestChanges[K], undefined> };

export type GuestFilesystem = NonNullable<GuestSettings["filesystems"]>[number];

export const defaultGuestSettings: GuestSettings = {
  agent: "running",
  agentDelayMs: 0,
  bootMs: 0,
  autoThawMs: null,
  writeWhileFrozen: "refuse",
  filesystems: null,
};
