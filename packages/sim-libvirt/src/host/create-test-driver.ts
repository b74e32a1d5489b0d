import { addNetwork } from "../spec/add-network.ts";
import { createHost } from "./create-host.ts";
import type { Host } from "./host.ts";

/** What a client gets that asks the daemon for `test:///default`: a host of its own with one network. */
export const createTestDriver = ({ name, dir, clock, settings }: Host): Host => {
  const host: Host = {
    ...createHost({ name, dir, clock, seed: 0 }),
    driver: { type: "Test", uri: "test:///default" },
    settings,
  };
  addNetwork(host, { name: "default" });
  return host;
};
