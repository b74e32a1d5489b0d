import { operations, type Operation } from "@quiesce/core";
import { z } from "zod";
import { block } from "./block.ts";
import { durationSchema } from "./duration.ts";
import { referenceSchema } from "./reference.ts";
import { lineSchema } from "./text.ts";

const argument = z.string().min(1, { error: "must not be empty" });

const commandSchema = block({
  run: z
    .tuple([argument], argument, { error: "must be a list: the program, then its arguments (no shell is used)" })
    .meta({ description: "The program and its arguments; no shell is used." }),
  timeout: durationSchema.optional().meta({ description: "Default: the deadline of the step." }),
});
export type WrittenCommand = z.output<typeof commandSchema>;

const sshSchema = block({
  host: lineSchema,
  port: z.int().min(1).max(65_535, { error: "must be a port between 1 and 65535" }).optional(),
  user: lineSchema,
  key: referenceSchema.optional().meta({ description: "The private key, by reference." }),
  password: referenceSchema.optional().meta({ description: "The password, by reference." }),
  known_hosts: lineSchema.optional().meta({ description: "File with the host's public key." }),
}).refine(({ key, password }) => key !== undefined || password !== undefined, {
  error: "must have a key or a password, by reference",
});

const command = commandSchema.optional();
const commands = Object.fromEntries(operations.map((operation) => [operation, command])) as {
  readonly [O in Operation]: typeof command;
};

export const hookSchema = block({
  on: z.string().meta({ description: "The instance whose operations it performs." }),
  ssh: sshSchema.optional().meta({ description: "Run the commands on a host, over SSH." }),
  local: z.literal(true).optional().meta({ description: "Run the commands where Quiesce runs." }),
  hold: z
    .literal(true)
    .optional()
    .meta({ description: "The freeze command prints READY and holds until its standard input closes." }),
  self_thaw: durationSchema.optional().meta({ description: "The host runs the thaw command itself after this time." }),
  status: command.meta({ description: "Exit status 0: frozen; 1: not frozen; any other: unknown." }),
  ...commands,
}).meta({ description: "Commands that perform operations of an instance." });

export type WrittenHook = z.output<typeof hookSchema>;
