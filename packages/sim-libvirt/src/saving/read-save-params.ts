import type { TypedParam } from "@quiesce/node-libvirt/protocol";
import { failure } from "../failure/failure.ts";

/** Reads the parameters of a save: a path, and maybe a definition. @throws {Failure} as libvirt 9.0 refuses what it does not know */
export const readSaveParams = (params: readonly TypedParam[]): { path: string; xml: string | undefined } => {
  const found = new Map<string, string>();
  for (const { field, value } of params) {
    if (field !== "file" && field !== "dxml")
      throw failure("argument-unsupported", "none", `parameter '${field}' not supported`);
    if (value.type !== "string") {
      const reason = `invalid type '${value.type}' for parameter '${field}', expected 'string'`;
      throw failure("invalid-argument", "none", reason);
    }
    if (found.has(field)) throw failure("invalid-argument", "none", `parameter '${field}' occurs multiple times`);
    found.set(field, value.value);
  }
  const path = found.get("file");
  if (path === undefined)
    throw failure("argument-unsupported", "none", "a save without the parameter 'file' is not simulated");
  return { path, xml: found.get("dxml") };
};
