import type { PlanOptions } from "@quiesce/core";
import { z } from "zod";
import { block } from "./block.ts";
import { durationSchema } from "./duration.ts";
import { rateSchema } from "./rate.ts";
import { nameSchema } from "./text.ts";

const pluginRule = "must be the short name of a plugin, such as libvirt";

const timeout = durationSchema.optional();
const timeouts = {
  freeze: timeout,
  thaw: timeout,
  capture: timeout,
  power: timeout,
  restore: timeout,
  remove: timeout,
  complete: timeout,
} satisfies Record<keyof PlanOptions["timeoutMs"], typeof timeout>;

/** A provider as written: four keys of ours, and every other key belongs to its plugin. */
export const providerSchema = z
  .looseObject({
    plugin: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, { error: pluginRule })
      .meta({ description: "Which plugin serves it: libvirt, openstack, vsphere, gcp or another one." }),
    site: nameSchema
      .optional()
      .meta({ description: 'The place from which it is reached; default "local". Units must lie on one site.' }),
    limits: block({
      parallel: z
        .int()
        .min(1, { error: "must be at least 1" })
        .max(1000, { error: "must be at most 1000" })
        .optional()
        .meta({ description: "Calls of this account in flight at once; default 8." }),
      rate: rateSchema.optional(),
    }).optional(),
    timeouts: block(timeouts).optional().meta({ description: "Deadline of one try of each kind of step." }),
  })
  .meta({ description: "One account at one endpoint. Keys that are not named here belong to the plugin." });

export type WrittenProvider = z.output<typeof providerSchema>;
