import { z } from "zod";

/**
 * A map with exactly these keys. The message of its unknown-key issue is the list of known keys, from which
 * `reportIssues` makes one problem for each unknown key.
 */
export const block = <S extends z.core.$ZodLooseShape>(shape: S): z.ZodObject<S, z.core.$strict> =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? Object.keys(shape).join(",") : undefined),
  });
