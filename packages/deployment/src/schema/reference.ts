import { z } from "zod";
import type { SecretReference } from "../secret/reference.ts";

const text = z.string().min(1);
const commandSchema = z.tuple([text], text);

/** A secret by reference. Anything else in its place is taken for a literal secret and is never printed. */
export const referenceSchema: z.ZodType<SecretReference, unknown> = z
  .union(
    [
      z.strictObject({ env: text }),
      z.strictObject({ file: text }),
      z.strictObject({ command: commandSchema }),
      z.strictObject({ command: commandSchema, cwd: text }),
    ],
    { error: "must be a reference: {env: NAME}, {file: PATH} or {command: [PROGRAM, ARGUMENT]}" },
  )
  .meta({ description: "A secret by reference: {env: X}, {file: P} or {command: [pass, show, x]}." });
