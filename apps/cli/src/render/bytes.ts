const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** A size for people: `512 B`, `1.5 GiB`. */
export const bytes = (count: number): string => {
  let value = count;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit += 1) value /= 1024;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ""}`;
};
