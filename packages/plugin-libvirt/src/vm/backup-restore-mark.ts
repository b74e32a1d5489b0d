import { failure, type JsonObject } from "@quiesce/core";
import { z } from "zod";
import type { MarkFields } from "../api/mark.ts";
import type { Restore } from "./backup-restore-context.ts";

const before = z.readonly(
  z.object({
    disks: z.readonly(z.array(z.readonly(z.object({ name: z.string(), path: z.string() })))),
    nvram: z.nullable(z.string()),
    /** Path of a volume on the host that holds the old definition, passwords included. */
    definition: z.nullable(z.string()),
  }),
);

/** What a machine had before its restore: its recovery point. Nothing of it is deleted. */
export type Before = z.output<typeof before>;

/** What says in a machine's definition that this run put it there. */
export const markOf = ({ tag, backup }: Restore): MarkFields => ({
  store: tag.store,
  run: tag.run,
  backup: backup?.name ?? "",
});

/** The mark of this very restore, with what was there before it, or what the original has and the new machine lacks. */
export const fullMark = (c: Restore, found: Before | undefined, lacks: readonly string[]): MarkFields => ({
  ...markOf(c),
  ...(found === undefined ? {} : { before: JSON.stringify(found) }),
  ...(lacks.length === 0 ? {} : { lacks: lacks.join("; ") }),
});

export const isMarked = (mark: MarkFields | undefined, c: Restore): boolean =>
  Object.entries(markOf(c)).every(([name, value]) => mark?.[name] === value);

/** Undefined for a machine that was made anew. */
export const beforeIn = (mark: MarkFields | undefined): (Before & JsonObject) | undefined => {
  const text = mark?.["before"];
  if (text === undefined) return undefined;
  const read = before.safeParse(parse(text));
  if (read.success) return read.data;
  throw failure(
    "conflict",
    "The mark that this restore left in the machine's definition was changed: its old disks cannot be told. " +
      "virsh dumpxml shows what the machine has now.",
  );
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
