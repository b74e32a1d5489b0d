import { z } from "zod";

/** Names of deployments, providers, instances, selectors and hooks: they become parts of paths and tags. */
export const namePattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

export const nameRule =
  "must start with a letter or digit, hold only letters, digits, _, - and ., and have at most 63 characters";

export const nameSchema = z.string().regex(namePattern, { error: nameRule });

/** A text of one line that is not empty. */
// oxlint-disable-next-line no-control-regex -- control characters are what it keeps out
export const lineSchema = z.string().regex(/^[^\u0000-\u001f\u007f]+$/, { error: "must be one line of text" });

/** `db` or `[db, cache]`; always a list afterwards. */
export const listOf = <T extends z.ZodType>(item: T, what: string) =>
  z
    .union([item, z.array(item).min(1)], { error: `must be ${what} or a list of them` })
    .transform((value): readonly z.output<T>[] => (Array.isArray(value) ? value : [value as z.output<T>]));
