import type { Damage, Progress } from "@quiesce/core";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { unlessAbsent } from "../file/error-code.ts";
import { placeOf } from "../set/layout.ts";
import type { Shared } from "../shared.ts";
import { lookAtChain, lookAtFile, type Expected } from "./inspect.ts";
import { verifyContent } from "./verify-content.ts";

export interface Verified {
  /** That were read. */
  readonly bytes: number;
  readonly damage: readonly Damage[];
}

/** Reads a file and all that it builds on again, and tells every damage. */
export const verify = async (
  shared: Shared,
  expected: Expected,
  signal: AbortSignal,
  report: (progress: Progress) => void = () => undefined,
): Promise<Verified> => {
  if (placeOf(expected.id)?.is !== "disk") return lookAtFile(shared.root, expected);
  const { layers, damage } = await lookAtChain(shared, expected);
  const total = layers.reduce((sum, { index }) => sum + index.end.fileBytes, 0);
  const all = [...damage];
  let done = 0;
  const read = (more: number): void => {
    done += more;
    report({ done, total, unit: "bytes" });
  };
  using tools = shared.engine.enter();
  for (const { id, index } of layers) {
    await using file = await open(join(shared.root, id)).catch(unlessAbsent);
    // A file that is missing is told already.
    if (file !== undefined) all.push(...(await verifyContent({ id, index, file }, tools, signal, read)));
  }
  return { bytes: done, damage: all };
};
