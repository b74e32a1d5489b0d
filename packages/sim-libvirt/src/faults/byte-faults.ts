import type { FaultAction } from "./fault.ts";

/** What happens to bytes on their way. */
export interface ByteFaults {
  /** The connection ends after so many bytes. */
  readonly cutAfter: number | undefined;
  /** Places of bytes that are read wrong. */
  readonly flips: readonly number[];
  readonly slowMs: number;
}

export const byteFaultsOf = (actions: readonly FaultAction[]): ByteFaults => {
  const cuts = actions.flatMap((action) => (action.kind === "cut" ? [action.afterBytes] : []));
  return {
    cutAfter: cuts.length === 0 ? undefined : Math.min(...cuts),
    flips: actions.flatMap((action) => (action.kind === "flip" ? [action.offset] : [])),
    slowMs: actions.reduce((sum, action) => (action.kind === "slow" ? sum + action.ms : sum), 0),
  };
};

/** The bytes that stand at `offset`, as they are read. What is given stays as it is. */
export const flipBytes = (flips: readonly number[], offset: number, bytes: Buffer): Buffer => {
  const hit = flips.filter((at) => at >= offset && at < offset + bytes.length);
  if (hit.length === 0) return bytes;
  const wrong = Buffer.from(bytes);
  for (const at of hit) wrong[at - offset] = (wrong[at - offset] ?? 0) ^ 0xff;
  return wrong;
};
