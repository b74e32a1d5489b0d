import { schema1 } from "./schema-1.ts";
import { schema2 } from "./schema-2.ts";
import { schema3 } from "./schema-3.ts";

/** Element n brings a file from version n to n + 1. Released elements are never changed; new ones are added. */
export const migrations: readonly string[] = [schema1, schema2, schema3];
