import { z } from "zod";

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const pattern = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/;
const rule = 'must be a duration with its unit, such as "500ms", "30s", "30m" or "2h"';
/** Timers of the platform count milliseconds in 31 bits. */
const maxMs = 2 ** 31 - 1;

/** Milliseconds of `500ms`, `30s`, `1.5m` or `2h`; nothing for any other text. */
export const durationMs = (text: string): number | undefined => {
  const [, amount, unit] = pattern.exec(text) ?? [];
  return amount === undefined ? undefined : Math.round(Number(amount) * unitMs[unit as keyof typeof unitMs]);
};

export const durationSchema = z
  .string({ error: rule })
  .regex(pattern, { error: rule })
  .transform((text) => durationMs(text) ?? 0)
  .refine((ms) => ms >= 1 && ms <= maxMs, { error: "must be at least 1ms and at most 596h" })
  .meta({ description: 'A duration: "500ms", "30s", "30m" or "2h".' });
