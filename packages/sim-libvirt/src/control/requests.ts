import { z } from "zod";
import { faultSchema } from "../faults/fault.ts";
import { guestChangesSchema } from "../guest/guest-settings.ts";
import { domainSpecSchema, hostChangesSchema } from "../spec/spec.ts";

/** Without a host, the only one, or the first. */
const host = z.string().optional();
const domain = z.string();
const target = z.string();
const offset = z.number().int().min(0).default(0);

const request = <const Op extends string, S extends z.core.$ZodLooseShape>(op: Op, shape: S) =>
  z.strictObject({ id: z.union([z.number(), z.string()]).optional(), op: z.literal(op), host, ...shape });

/** One line on the control socket: what a test asks of a simulator in another process. */
export const requestSchema = z.discriminatedUnion("op", [
  request("hosts", {}),
  request("domains", {}),
  request("domain", { domain }),
  request("networks", {}),
  request("frozen", {}),
  request("hashes", { domain }),
  request("snapshot-hashes", { domain, snapshot: z.string() }),
  request("calls", {
    filter: z
      .strictObject({
        procedure: z.string().optional(),
        object: z.string().optional(),
        mutating: z.boolean().optional(),
        afterSeq: z.number().int().optional(),
      })
      .optional(),
  }),
  request("mutations", {}),
  request("add-domain", { spec: domainSpecSchema }),
  request("add-fault", { fault: faultSchema }),
  request("remove-fault", { fault: z.number().int() }),
  request("clear-faults", {}),
  request("faults", {}),
  request("set-guest", { domain, set: guestChangesSchema }),
  /** Writes as a program in the guest would; refused while frozen. */
  request("guest-write", { domain, target, offset, text: z.string().optional(), base64: z.string().optional() }),
  request("guest-read", { domain, target, offset, length: z.number().int().min(0).max(1_048_576).default(64) }),
  /** Keeps a value in the guest's memory. */
  request("guest-remember", { domain, key: z.string(), value: z.string() }),
  /** A backup by somebody else. Without bytes it lasts until it is aborted. */
  request("begin-backup", { domain, bytes: z.number().int().min(0).optional() }),
  /** The guest ends, as when QEMU is killed. */
  request("crash", { domain }),
  request("volumes", {}),
  /** The calls that have removed something. */
  request("removed", {}),
  request("configure", { set: hostChangesSchema }),
  /** The daemon ends and comes back; guests go on. */
  request("restart", { downMs: z.number().min(0).default(0) }),
  /** The simulator ends in order. */
  request("stop", {}),
]);

export type ControlRequest = z.infer<typeof requestSchema>;
/** A request as it is written, with its defaults left out. */
export type ControlInput = z.input<typeof requestSchema>;

/** The answer, on one line; `id` is the request's. */
export type ControlReply =
  | { readonly id?: number | string | undefined; readonly ok: true; readonly result: unknown }
  | {
      readonly id?: number | string | undefined;
      readonly ok: false;
      readonly error: { readonly message: string; readonly reason?: string | undefined };
    };
