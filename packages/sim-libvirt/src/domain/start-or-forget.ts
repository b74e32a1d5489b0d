import type { Host } from "../host/host.ts";
import { isActive, type Domain } from "./domain.ts";

/** Starts a domain. One that is not defined is forgotten again when it does not start. */
export const startOrForget = (host: Host, domain: Domain, start: () => void): void => {
  try {
    start();
  } finally {
    if (!domain.persistent && !isActive(domain)) host.domains.delete(domain.uuid);
  }
};
