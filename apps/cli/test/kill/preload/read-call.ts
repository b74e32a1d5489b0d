import { decodeFrame, decodeXdr, findProcedure, programs, type Procedure } from "@quiesce/node-libvirt/protocol";

/** A call as it goes to the daemon. */
export interface Call {
  readonly serial: number;
  /** For people: what is called, of which object. */
  readonly title: string;
  /** `writes` may change the host or a guest. A call that only opens or ends a session is neither. */
  readonly effect: "reads" | "writes" | "session";
  /** The object that it is about: a UUID, or a path. Undefined: the host. */
  readonly object: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const headerBytes = 28;
/** They change the session alone. */
const session = /^(AUTH_|CONNECT_)/u;
/** Commands with which the agent changes nothing in its guest. */
const asks = /^guest-(ping|info|sync|get-|fsfreeze-status)/u;

/**
 * The call that a piece of bytes is; undefined for everything else that goes through a socket. The end of an upload is one
 * too: with it the daemon says whether all bytes are written.
 */
export const readCall = (chunk: unknown): Call | undefined => {
  if (!Buffer.isBuffer(chunk) || chunk.length < headerBytes || chunk.readUInt32BE(0) !== chunk.length) return undefined;
  const program = chunk.readUInt32BE(4);
  if (program !== programs.remote && program !== programs.qemu) return undefined;
  const { header, body } = decodeFrame(chunk);
  const isEnd = header.type === "stream" && header.status === "ok";
  if (header.type !== "call" && !isEnd) return undefined;
  const procedure = findProcedure(header.program, header.proc);
  if (procedure === undefined)
    throw new Error(`Procedure ${header.proc} of the program ${header.program} is not known.`);
  const { serial } = header;
  if (isEnd)
    return {
      serial,
      title: `${procedure.name} end`,
      effect: procedure.stream === "upload" ? "writes" : "reads",
      object: undefined,
    };
  return { serial, ...describe(procedure, asFields(decodeXdr(procedure.args, body))) };
};

const describe = ({ name, effect }: Procedure, args: Fields): Omit<Call, "serial"> => {
  const moment = asFields(args["snapshot"] ?? args["checkpoint"]);
  const ref = asFields(args["domain"] ?? moment["domain"] ?? args["network"] ?? args["volume"] ?? args["pool"]);
  const command = /"execute":\s*"([^"]*)"/u.exec(asText(args["command"]))?.[1] ?? "";
  return {
    title: [name, command, asText(ref["name"])].filter((part) => part !== "").join(" "),
    effect: effect === "read" || asks.test(command) ? "reads" : session.test(name) ? "session" : "writes",
    object: [ref["uuid"], ref["key"]].find((key) => typeof key === "string"),
  };
};

const asText = (value: unknown): string => (typeof value === "string" ? value : "");
const asFields = (value: unknown): Fields => (typeof value === "object" && value !== null ? (value as Fields) : {});
