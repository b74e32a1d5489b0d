/** A time for people: in their zone, with its offset, so that two people can compare. */
export const localTime = (instant: string): string => {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 19).replace("T", " ");
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${local} ${offset < 0 ? "-" : "+"}${two(hours)}:${two(minutes)}`;
};

const two = (count: number): string => String(count).padStart(2, "0");
