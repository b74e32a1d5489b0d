import { QuiesceError } from "@quiesce/core";
import type { ReadDeployment } from "@quiesce/deployment";

/** Reads a deployment file, or throws everything that is wrong with it at once. */
export const readDeploymentFile = async (file: string): Promise<ReadDeployment> => {
  const { readDeployment } = await import("@quiesce/deployment");
  const read = await readDeployment(file);
  if (read.ok) return read.value;
  throw new QuiesceError("usage", `${file} cannot be used.`, { problems: read.problems });
};
