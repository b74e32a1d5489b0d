import type { Finding } from "@quiesce/core";
import type { CallOptions, Version } from "@quiesce/node-libvirt";
import type { Reader } from "../client/session.ts";
import { machineFindings } from "./machine.ts";
import { poolFindings } from "./pool.ts";

/** What a user should know of a host before a run depends on it. Changes nothing. */
export const doctor = async (read: Reader, signal: AbortSignal): Promise<readonly Finding[]> => {
  const options = { signal };
  const { domains, pools } = read.libvirt;
  const [host, machines, storage] = await Promise.all([
    hostFinding(read, options),
    domains.list(0, options),
    pools.list(0, options),
  ]);
  const found = await Promise.all([
    ...machines.map((domain) => machineFindings(read, domain, options)),
    ...storage.map((pool) => poolFindings(read, pool, options)),
  ]);
  return [host, ...found.flat()];
};

const hostFinding = async ({ libvirt: { host } }: Reader, options: CallOptions): Promise<Finding> => {
  const [hostname, driver, libvirt, hypervisor] = await Promise.all([
    host.hostname(options),
    host.driver(options),
    host.libvirtVersion(options),
    host.hypervisorVersion(options),
  ]);
  const message = `libvirt ${text(libvirt)} answers; ${driver} ${text(hypervisor)}.`;
  return { level: "ok", about: hostname, message };
};

const text = ({ major, minor, release }: Version): string => `${major}.${minor}.${release}`;
