import { procedures, type ProcedureName } from "@quiesce/node-libvirt/protocol";
import { z } from "zod";
import { guestChangesSchema } from "../guest/guest-settings.ts";

const ms = z.number().min(0);
const names = Object.keys(procedures) as ProcedureName[];

/** Before the call has done anything, or after it has done all but answer. */
const when = z.enum(["before", "after"]).default("before");

const error = z.strictObject({
  /** libvirt's number, such as 38. */
  code: z.number().int(),
  /** Part of the daemon, by number; 10 is QEMU. */
  domain: z.number().int().default(10),
  message: z.string(),
});

const action = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("fail"), when, error }),
  z.strictObject({ kind: z.literal("delay"), when, ms }),
  /** Never answers. `after`: the effect is there and the reply is lost. */
  z.strictObject({ kind: z.literal("no-reply"), when }),
  z.strictObject({ kind: z.literal("drop-connection"), when }),
  /** The whole simulator ends, as by loss of power. */
  z.strictObject({ kind: z.literal("die"), when }),
  /** The daemon ends and comes back after a while; guests go on. */
  z.strictObject({ kind: z.literal("restart"), when, downMs: ms }),
  /** The effect comes after `ms`; the caller hears at once, or never, what is said here. */
  z.strictObject({
    kind: z.literal("late-effect"),
    ms,
    reply: z.union([z.literal("none"), z.literal("drop-connection"), error]).default("none"),
  }),
  /** Changes the guest of the call's domain: its agent dies, hangs, gets slow; it thaws itself. */
  z.strictObject({ kind: z.literal("guest"), when, set: guestChangesSchema }),
  /** The guest of the call's domain ends, as when QEMU crashes. */
  z.strictObject({ kind: z.literal("crash-guest"), when }),
]);

/** A fault as plain data: to which calls it happens, and what happens. */
export const faultSchema = z.strictObject({
  on: z.strictObject({
    /** Name in the table of procedures, or `*` for all. */
    procedure: z.union([z.literal("*"), z.enum(names as [ProcedureName, ...ProcedureName[]])]),
    /** Name of the domain, network, pool, or `pool/volume`. Without one, any. */
    object: z.string().optional(),
    /** Name of the snapshot or checkpoint, or the agent's command. Without one, any. */
    detail: z.string().optional(),
    /** The first matching call that it happens to, counted from 1. */
    nth: z.number().int().min(1).default(1),
    /** To how many matching calls from there on. */
    times: z.union([z.number().int().min(1), z.literal("always")]).default(1),
    /** Chance for each of these calls, drawn from the host's seed. */
    probability: z.number().min(0).max(1).default(1),
  }),
  do: action,
});

export type Fault = z.infer<typeof faultSchema>;
/** A fault as it is written, with its defaults left out. */
export type FaultInput = z.input<typeof faultSchema>;
export type FaultAction = Fault["do"];
