import { procedures, type ProcedureName } from "@quiesce/node-libvirt/protocol";
import { z } from "zod";
import { guestChangesSchema } from "../guest/guest-settings.ts";

const ms = z.number().min(0);
const names = Object.keys(procedures) as ProcedureName[];

/** What happens on the NBD connections of a pull backup: a client has chosen an export, reads, asks for the state of blocks. */
export const nbdMoments = ["nbd-connect", "nbd-read", "nbd-block-status"] as const;
export type NbdMoment = (typeof nbdMoments)[number];

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
  /** The connection ends after so many bytes of what follows: of a stream, or of an NBD connection after its handshake. */
  z.strictObject({ kind: z.literal("cut"), when, afterBytes: z.number().int().min(0) }),
  /** A byte is another one when it is read, counted from the beginning of the export or of the stream. */
  z.strictObject({ kind: z.literal("flip"), when, offset: z.number().int().min(0) }),
  /** Each read of an NBD connection, or each message of a stream, takes so long. */
  z.strictObject({ kind: z.literal("slow"), when, ms }),
  /** A bitmap of the call's domain is lost; without a name, all of the disk; without a disk, of all disks. */
  z.strictObject({
    kind: z.literal("lose-bitmap"),
    when,
    target: z.string().optional(),
    bitmap: z.string().optional(),
  }),
  /** The background job of the call's domain ends badly. */
  z.strictObject({ kind: z.literal("fail-job"), when, message: z.string().default("Input/output error") }),
]);

/** What can happen where there is no call. */
const nbdKinds: readonly string[] = ["fail", "delay", "no-reply", "drop-connection", "cut", "flip", "slow"];
/** What needs bytes that follow a call. */
const byteKinds: readonly string[] = ["cut", "flip", "slow"];

const place = z.union([z.literal("*"), z.enum(nbdMoments), z.enum(names as [ProcedureName, ...ProcedureName[]])]);

const fits = (procedure: z.infer<typeof place>, kind: string): boolean => {
  if ((nbdMoments as readonly string[]).includes(procedure)) return nbdKinds.includes(kind);
  return !byteKinds.includes(kind) || procedure === "storageVolUpload" || procedure === "storageVolDownload";
};

const plainFaultSchema = z.strictObject({
  on: z.strictObject({
    /** Name in the table of procedures, `*` for all of them, or what happens on an NBD connection. */
    procedure: place,
    /** Name of the domain, network, pool, or `pool/volume`. Without one, any. */
    object: z.string().optional(),
    /** Name of the snapshot, checkpoint or NBD export, or the agent's command. Without one, any. */
    detail: z.string().optional(),
    /** True: only calls that may change the host or a guest; false: only the others. Without it, all. */
    mutating: z.boolean().optional(),
    /** The first matching call that it happens to, counted from 1. */
    nth: z.number().int().min(1).default(1),
    /** To how many matching calls from there on. */
    times: z.union([z.number().int().min(1), z.literal("always")]).default(1),
    /** Chance for each of these calls, drawn from the host's seed. */
    probability: z.number().min(0).max(1).default(1),
  }),
  do: action,
});

/** A fault as plain data: to which calls it happens, and what happens. */
export const faultSchema = plainFaultSchema.refine(({ on, do: action }) => fits(on.procedure, action.kind), {
  error:
    "this cannot happen there: cut, flip and slow need a stream or an NBD connection, which knows no other kinds than fail, delay, no-reply, drop-connection",
  path: ["do", "kind"],
});

export type Fault = z.infer<typeof faultSchema>;
/** A fault as it is written, with its defaults left out. */
export type FaultInput = z.input<typeof faultSchema>;
export type FaultAction = Fault["do"];
