import { failure, type ConnectEnvironment, type Session } from "@quiesce/core";
import { connect as open } from "@quiesce/node-libvirt";
import type { Config } from "../config.ts";
import { accountOf } from "./account.ts";
import { exportsOf } from "./exports.ts";
import { guestReader } from "./guest-reader.ts";
import { transportLimits } from "./transport-limits.ts";
import type { Reader, Writer } from "./session.ts";

/** Hung agents hold a connection's calls: the lane that pays has room for many, so that none delays another's thaw. */
const connections = { work: 4, rescue: 8 } as const;

/** Opens one lane to the daemon. */
export const connect = async (
  config: Config,
  { lane, signal }: ConnectEnvironment,
): Promise<Session<Reader, Writer>> => {
  const { uri, agentMs, callMs, connectMs } = config;
  const libvirt = await open(uri, {
    connectTimeoutMs: connectMs,
    callTimeoutMs: callMs,
    maxConnections: connections[lane],
    signal,
  });
  try {
    // The first call opens the lane's own connection: before the first debt the way out is really there.
    const [driver, daemonUri] = await Promise.all([libvirt.host.driver({ signal }), libvirt.host.uri({ signal })]);
    if (driver !== "QEMU") throw notServed(driver, daemonUri);
    const agentSeconds = Math.ceil(agentMs / 1000);
    const account = accountOf(uri, daemonUri);
    const known = {
      guest: guestReader(libvirt.agent, agentSeconds),
      agentSeconds,
      account,
      ...exportsOf(libvirt.transport),
    };
    return {
      read: { ...known, libvirt: libvirt.reader },
      write: { ...known, libvirt },
      account,
      restrictions: transportLimits(libvirt.transport),
      close: () => libvirt.close(),
    };
  } catch (thrown) {
    await libvirt.close();
    throw thrown;
  }
};

const notServed = (driver: string, uri: string) =>
  failure(
    "invalid",
    `${uri} is served by libvirt's driver ${driver}; this plugin works on QEMU machines only. Use a URI such as qemu:///system.`,
  );
