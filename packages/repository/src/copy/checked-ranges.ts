import { failure, type DiskRange, type DiskSource } from "@quiesce/core";

/**
 * The source's ranges, neighbours of one kind joined, once they are proved to be in order, inside the disk and, of a
 * whole disk, without gaps: a range that a source forgets would be stored as zeroes.
 */
export async function* checkedRanges(
  source: DiskSource,
  { disk, whole }: { readonly disk: string; readonly whole: boolean },
  signal: AbortSignal,
): AsyncGenerator<DiskRange> {
  const refuse = (what: string): Error =>
    failure("protocol", `The source of disk ${disk} (${source.bytes} bytes) ${what}; nothing was stored.`);
  let end = 0;
  let held: DiskRange | undefined;
  for await (const range of source.ranges(signal)) {
    const { offset, length, is } = range;
    if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || length <= 0)
      throw refuse(`told a range of ${length} bytes at ${offset}`);
    if (offset < end) throw refuse(`told byte ${offset} twice, or out of order`);
    if (offset + length > source.bytes) throw refuse(`told a range that ends at ${offset + length}, after its end`);
    if (whole && offset > end) throw refuse(`left out bytes ${end} to ${offset}`);
    if (held !== undefined && held.is === is && offset === end) held = { ...held, length: held.length + length };
    else {
      if (held !== undefined) yield held;
      held = { offset, length, is };
    }
    end = offset + length;
  }
  if (whole && end < source.bytes) throw refuse(`left out bytes ${end} to ${source.bytes}`);
  if (held !== undefined) yield held;
}
