import { z } from "zod";

/** At most `calls` in any span of `perMs` milliseconds. */
export interface Rate {
  readonly calls: number;
  readonly perMs: number;
}

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000 } as const;
const pattern = /^([1-9]\d{0,5})\/(s|m|h)$/;
const rule = 'must be a number of calls per second, minute or hour, such as "10/s" or "300/m"';

const toRate = (text: string): Rate => {
  const [, calls, unit] = pattern.exec(text) ?? [];
  return { calls: Number(calls), perMs: unitMs[unit as keyof typeof unitMs] };
};

export const rateSchema = z
  .string({ error: rule })
  .regex(pattern, { error: rule })
  .transform(toRate)
  .meta({ description: 'Calls per second, minute or hour: "10/s".' });
