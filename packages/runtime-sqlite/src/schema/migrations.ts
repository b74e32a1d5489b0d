import { schema1 } from "./schema-1.ts";

/** Element n brings a file from version n to n + 1. Released elements are never changed; new ones are added. */
export const migrations: readonly string[] = [schema1];
