import { z } from "zod";
import { block } from "./block.ts";
import { hookSchema } from "./hook.ts";
import { instanceSchema } from "./instance.ts";
import { providerSchema } from "./provider.ts";
import { selectorSchema } from "./selector.ts";
import { namePattern, nameSchema } from "./text.ts";

/** The parts of a file that are maps from a name to an entry. */
export const sections = {
  providers: providerSchema,
  instances: instanceSchema,
  selectors: selectorSchema,
  hooks: hookSchema,
} as const;
export type Section = keyof typeof sections;

const readVersions = "must be 1, the only version of the file format that this Quiesce reads";
const head = {
  $schema: z.string().optional().meta({ description: "For editors; not read." }),
  quiesce: z.literal(1, { error: readVersions }).meta({ description: "Version of the file format." }),
  name: nameSchema.meta({ description: "The deployment's key: backups are found by it." }),
};
const anyEntries = z.record(z.string(), z.unknown()).optional();

/** The file with its sections still unread: they are read entry by entry, so that one wrong entry hides no other. */
export const headSchema = block({
  ...head,
  providers: anyEntries,
  instances: anyEntries,
  selectors: anyEntries,
  hooks: anyEntries,
} satisfies typeof head & Record<Section, typeof anyEntries>);

const named = z.string().regex(namePattern);

/** The whole file as one schema: what editors get. */
export const fileSchema = block({
  ...head,
  providers: z.record(named, providerSchema).optional(),
  instances: z.record(named, instanceSchema).optional(),
  selectors: z.record(named, selectorSchema).optional(),
  hooks: z.record(named, hookSchema).optional(),
}).meta({ title: "Quiesce deployment file", description: "A set of machines, volumes and networks." });
