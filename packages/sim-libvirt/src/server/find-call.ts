import {
  decodeXdr,
  findProcedure,
  procedures,
  programs,
  protocolVersion,
  type Frame,
  type Procedure,
  type ProcedureName,
  type XdrType,
} from "@quiesce/node-libvirt/protocol";
import { failure } from "../failure/failure.ts";
import { findOlderProcedure, withoutFlags } from "./older-procedures.ts";

/** A call as it came in. */
export interface IncomingCall {
  readonly name: ProcedureName;
  readonly args: unknown;
  /** How its result is written. */
  readonly ret: XdrType;
}

/** Reads a call from its message. @throws {Failure} as the daemon answers what it cannot read */
export const findCall = ({ header: { program, version, proc }, body }: Frame): IncomingCall => {
  const known = program === programs.remote || program === programs.qemu;
  if (!known || version !== protocolVersion) {
    throw failure("rpc", "rpc", `Cannot find program ${program} version ${version}`);
  }
  const procedure = findProcedure(program, proc);
  const name = procedure === undefined ? undefined : nameOf.get(procedure);
  if (procedure !== undefined && name !== undefined) {
    return { name, args: readArgs(procedure.args, body), ret: procedure.ret };
  }
  const older = findOlderProcedure(program, proc);
  if (older === undefined) throw failure("rpc", "rpc", `unknown procedure: ${proc}`);
  return { name: older.name, args: withoutFlags(readArgs(older.args, body)), ret: older.ret };
};

const nameOf = new Map<Procedure, ProcedureName>(
  Object.entries(procedures).map(([name, procedure]) => [procedure, name as ProcedureName]),
);

const readArgs = (type: XdrType, body: Buffer): unknown => {
  try {
    return decodeXdr(type, body);
  } catch {
    throw failure("rpc", "rpc", "Unable to decode message payload");
  }
};
