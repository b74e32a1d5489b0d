import { isProviderFailure, ProviderFailure, type DiskSource } from "@quiesce/core";

/** A source whose failures name the disk and the place; a ProviderFailure of its own and an abort stay as they are. */
export const guardedSource = (source: DiskSource, disk: string, signal: AbortSignal): DiskSource => {
  const failed = (what: string, error: unknown): unknown => {
    if (isProviderFailure(error) || signal.aborted) return error;
    const why = error instanceof Error ? error.message : String(error);
    const message = `Disk ${disk} cannot be read (${what}): ${why}`;
    return new ProviderFailure({ code: "unavailable", advice: { retry: "later" }, message }, { cause: error });
  };
  return {
    bytes: source.bytes,
    ranges: async function* (signal) {
      try {
        yield* source.ranges(signal);
      } catch (error) {
        throw failed("which parts hold data", error);
      }
    },
    read: async (offset, into, signal) => {
      try {
        await source.read(offset, into, signal);
      } catch (error) {
        throw failed(`${into.length} bytes at ${offset}`, error);
      }
    },
    close: () => source.close(),
  };
};
