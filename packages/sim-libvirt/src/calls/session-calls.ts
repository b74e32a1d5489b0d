import type { Handlers } from "./call.ts";
import { capabilitiesXml, domainCapabilitiesXml } from "./capabilities-xml.ts";

const authTypes = { none: 0, polkit: 2 };
const gibibyte = 1024n ** 3n;
/** Features that the daemon says yes to (`VIR_DRV_FEATURE_*`): keepalive and event callbacks. */
const features = new Set([10, 14]);
const model = Array.from({ length: 32 }, (_, index) => "x86_64".charCodeAt(index) || 0);

/** Opening and closing, as far as the connection has not done it, and what the host says of itself. */
export const sessionCalls: Handlers = {
  connectOpen: ({ name, flags }, { session }) => session.open(name, flags),
  connectClose: () => {},
  connectGetType: (_args, { host }) => ({ type: host.driver.type }),
  connectGetVersion: () => ({ version: 7_002_022n }),
  connectGetLibVersion: () => ({ version: 9_000_000n }),
  connectGetHostname: (_args, { host }) => ({ hostname: host.name }),
  connectGetUri: (_args, { host }) => ({ uri: host.driver.uri }),
  connectGetCapabilities: (_args, { host }) => ({ xml: capabilitiesXml(host) }),
  connectGetDomainCapabilities: () => ({ xml: domainCapabilitiesXml() }),
  connectSupportsFeature: ({ feature }) => ({ supported: features.has(feature) }),
  nodeGetInfo: () => ({
    model,
    memory: (16n * gibibyte) / 1024n,
    cpus: 4,
    mhz: 2400,
    nodes: 1,
    sockets: 1,
    cores: 4,
    threads: 1,
  }),
  nodeGetFreeMemory: () => ({ bytes: 8n * gibibyte }),
  authList: (_args, { host }) => ({
    types: [host.settings.authentication === "none" ? authTypes.none : authTypes.polkit],
  }),
  authPolkit: () => ({ complete: 1 }),
};
