import { join } from "node:path";

/** The folder of this package: where the search for plugins starts. */
export const installation = join(import.meta.dirname, "..", "..");
