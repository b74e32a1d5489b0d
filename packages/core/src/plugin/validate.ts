import type { Schema, SchemaIssue } from "../model/schema.ts";
import { ok, resultOf, type Problem, type Result } from "../model/result.ts";

/** Checks a value that came from outside; each issue becomes a problem that says where it is. `about` starts each message. */
export const validate = async <T>(schema: Schema<T>, value: unknown, about: string): Promise<Result<T>> => {
  const checked = await schema["~standard"].validate(value);
  if (checked.issues === undefined) return ok(checked.value);
  const problems = checked.issues.map((issue): Problem => ({
    code: "config-invalid",
    message: `${about}${pathOf(issue)}: ${issue.message}`,
  }));
  return resultOf<T>(problems, () => {
    throw new Error("A schema refused a value and gave no issue.");
  });
};

const pathOf = ({ path }: SchemaIssue): string =>
  (path ?? []).map((part) => `.${String(typeof part === "object" ? part.key : part)}`).join("");
