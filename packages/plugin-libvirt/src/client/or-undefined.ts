import { isLibvirtError, type ErrorName } from "@quiesce/node-libvirt";

/** The result, or undefined for the daemon's "there is none". */
export const orUndefined = async <T>(result: Promise<T>, ...absent: readonly ErrorName[]): Promise<T | undefined> => {
  try {
    return await result;
  } catch (thrown) {
    if (isLibvirtError(thrown, ...absent)) return undefined;
    throw thrown;
  }
};
