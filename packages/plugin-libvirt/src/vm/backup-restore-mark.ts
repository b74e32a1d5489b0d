import { failure } from "@quiesce/core";
import { z } from "zod";
import type { MarkFields } from "../api/mark.ts";
import { powers } from "../api/power.ts";

const volume = z.readonly(z.object({ pool: z.string(), name: z.string(), path: z.string() }));

/** A volume on the host that a restore made. */
export type MadeVolume = z.output<typeof volume>;

const before = z.readonly(
  z.object({
    disks: z.readonly(z.array(z.readonly(z.object({ name: z.string(), path: z.string() })))),
    nvram: z.nullable(z.string()),
    /** Path of a volume on the host that holds the old definition, passwords included. */
    definition: z.nullable(z.string()),
    /** What the machine did. Absent in marks of old: then it is what the backup's machine did. */
    power: z.optional(z.enum(powers)),
    autostart: z.optional(z.boolean()),
    /** Names of bitmaps that stay in the old disks, because the machine was off. */
    bitmaps: z.optional(z.readonly(z.array(z.string()))),
  }),
);

/** What a machine had before its restore: its recovery point. Nothing of it is deleted. */
export type Before = z.output<typeof before>;

/** Which restore a mark in a machine's definition speaks of. */
export interface RestoreId {
  readonly store: string;
  readonly run: string;
  /** Name of the set. */
  readonly backup: string;
}

export const markOf = ({ store, run, backup }: RestoreId): MarkFields => ({ store, run, backup });

export interface Restored {
  /** What the names of the new volumes begin with. */
  readonly base: string;
  /** New volumes of this restore; one that was there already with the wanted content is not among them. */
  readonly made: readonly MadeVolume[];
  /** Undefined for a machine that was made anew. */
  readonly before: Before | undefined;
  /** What the original has and the new machine lacks. */
  readonly lacks: readonly string[];
}

/** The mark of a restore, with what takes it back. */
export const fullMark = (id: RestoreId, { base, made, before: found, lacks }: Restored): MarkFields => ({
  ...markOf(id),
  base,
  made: JSON.stringify(made),
  ...(found === undefined ? {} : { before: JSON.stringify(found) }),
  // By itself too, so that whoever looks for users of that volume finds the machine.
  ...(found === undefined || found.definition === null ? {} : { definition: found.definition }),
  ...(lacks.length === 0 ? {} : { lacks: lacks.join("; ") }),
});

export const isMarked = (mark: MarkFields | undefined, id: RestoreId): boolean =>
  Object.entries(markOf(id)).every(([name, value]) => mark?.[name] === value);

/** Undefined for a machine that was made anew. */
export const beforeIn = (mark: MarkFields | undefined): Before | undefined =>
  mark?.["before"] === undefined ? undefined : readIn(before, mark["before"]);

/** None in a mark of old. */
export const madeIn = (mark: MarkFields | undefined): readonly MadeVolume[] =>
  mark?.["made"] === undefined ? [] : readIn(z.readonly(z.array(volume)), mark["made"]);

const readIn = <T>(schema: z.ZodType<T>, text: string): T => {
  const read = schema.safeParse(parse(text));
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
