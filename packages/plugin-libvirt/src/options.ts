import { z } from "zod";

/** How a machine is suspended: see `vm/suspend.ts`. */
const how = z.enum(["pause", "save", "sleep"]);

/** Own options of operations. Keys of other operations are left aside: one `--option` may feed several. */
export const options = { suspend: z.object({ suspend: how.optional() }) };

export type How = z.output<typeof how>;

export interface Options {
  readonly suspend: z.output<(typeof options)["suspend"]>;
}
