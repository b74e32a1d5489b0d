import type { Host } from "../host/host.ts";
import type { StoreRoom } from "./point-in-time.ts";
import { StoreFullError } from "./store-full-error.ts";

/** What the host's settings leave to the scratch files of one backup. */
export const storeRoom = (host: Host): StoreRoom => {
  let taken = 0;
  return {
    take: (bytes) => {
      const { storeBytes } = host.settings;
      if (storeBytes !== null && taken + bytes > storeBytes) {
        throw new StoreFullError(`${taken} of ${storeBytes} bytes are taken, ${bytes} more do not fit`);
      }
      taken += bytes;
    },
  };
};
