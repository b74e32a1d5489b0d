import { z } from "zod";
import { fileSchema } from "./file.ts";

/** JSON Schema (draft 7, which every editor reads) of a deployment file. Names that point nowhere it cannot find. */
export const deploymentJsonSchema = (): z.core.JSONSchema.JSONSchema =>
  z.toJSONSchema(fileSchema, { io: "input", target: "draft-7" });
