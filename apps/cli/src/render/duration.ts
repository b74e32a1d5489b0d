/** A duration for people: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`, `5 d 3 h`. */
export const duration = (ms: number): string => {
  if (ms < 0) return `-${duration(-ms)}`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return two(seconds, 60, "min", "s");
  if (seconds < 86_400) return two(Math.round(seconds / 60), 60, "h", "min");
  return two(Math.round(seconds / 3600), 24, "d", "h");
};

const two = (count: number, size: number, big: string, small: string): string => {
  const rest = count % size;
  return rest === 0 ? `${Math.floor(count / size)} ${big}` : `${Math.floor(count / size)} ${big} ${rest} ${small}`;
};
