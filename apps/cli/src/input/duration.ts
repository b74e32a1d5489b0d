const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `500ms`, `30s`, `1.5m`, `2h`, `1d`; undefined for anything else, also for a number without a unit. */
export const parseDuration = (text: string): number | undefined => {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  const size = unit === undefined ? undefined : unitMs[unit];
  const ms = count === undefined || size === undefined ? 0 : Math.round(Number(count) * size);
  return ms > 0 && Number.isSafeInteger(ms) ? ms : undefined;
};
