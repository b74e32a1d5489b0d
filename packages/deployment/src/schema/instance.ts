import { operations } from "@quiesce/core";
import { z } from "zod";
import { block } from "./block.ts";
import { lineSchema, listOf } from "./text.ts";

export const relationTypes = ["depends_on", "connected_to", "contained_in", "attached_to"] as const;

const targets = listOf(z.string(), "the name of an instance").optional();

/** What an instance and a selector may both say. */
export const sharedKeys = {
  depends_on: targets.meta({ description: "Instances that must run before this one." }),
  connected_to: targets.meta({ description: "Instances that this one talks to; orders them as depends_on does." }),
  contained_in: targets.meta({ description: "The machine that this one runs in; they are kept consistent together." }),
  attached_to: targets.meta({ description: "The machine that holds this volume; they are kept consistent together." }),
  skip: listOf(z.enum(operations), "the name of an operation")
    .optional()
    .meta({ description: "Operations that are left out for this instance." }),
  quiesce: z
    .enum(["auto", "required", "try", "off"])
    .optional()
    .meta({ description: "How much a freeze matters. auto demands one wherever the provider or a hook has one." }),
  properties: z
    .record(z.string(), z.json())
    .optional()
    .meta({ description: "Options of the plugin for this instance, checked by the plugin." }),
};

const kind = z.enum(["vm", "volume", "network", "other"]);

export const instanceSchema = block({
  kind: kind.meta({ description: "other: a service inside a machine; hooks perform its operations." }),
  provider: z.string().optional().meta({ description: "Name of one of the providers; not needed by kind other." }),
  id: lineSchema.optional().meta({ description: "Name or id at the provider." }),
  ...sharedKeys,
}).meta({ description: "One machine, volume, network or service." });

export type WrittenInstance = z.output<typeof instanceSchema>;
export type SharedKeys = Pick<WrittenInstance, keyof typeof sharedKeys>;
