import type { Damage, Progress } from "@quiesce/core";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { unlessAbsent } from "../file/error-code.ts";
import { placeOf } from "../set/layout.ts";
import type { Shared } from "../shared.ts";
import { lookAtChain, lookAtFile, type Expected } from "./inspect.ts";
import { readingOf, type Reading } from "./reading.ts";
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
  await using opened = new AsyncDisposableStack();
  const jobs: Reading[] = [];
  for (const { id, index } of layers) {
    const file = await open(join(shared.root, id)).catch(unlessAbsent);
    // One that is missing is told already.
    if (file !== undefined) jobs.push(await readingOf({ id, index, file: opened.use(file) }));
  }
  const total = jobs.reduce((sum, { bytes }) => sum + bytes, 0);
  const all = [...damage];
  let done = 0;
  using tools = shared.engine.enter();
  for (const job of jobs)
    all.push(
      ...(await verifyContent(job, tools, signal, (more) => {
        done += more;
        report({ done, total, unit: "bytes" });
      })),
    );
  return { bytes: done, damage: all };
};
