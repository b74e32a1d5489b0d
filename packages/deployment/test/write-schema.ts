// Writes schema/deployment.schema.json anew: `pnpm --filter @quiesce/deployment schema`.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deploymentJsonSchema } from "../src/index.ts";

const folder = join(import.meta.dirname, "..", "schema");
await mkdir(folder, { recursive: true });
await writeFile(join(folder, "deployment.schema.json"), `${JSON.stringify(deploymentJsonSchema(), undefined, 2)}\n`);
