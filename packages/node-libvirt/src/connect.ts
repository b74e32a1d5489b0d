import { agentQuestions } from "./api/agent-question.ts";
import { agentReader, agentWriter } from "./api/agent.ts";
import { backupReader, backupWriter } from "./api/backups.ts";
import { blockJobReader, blockJobWriter } from "./api/block-jobs.ts";
import { checkpointReader, checkpointWriter } from "./api/checkpoints.ts";
import { domainReader, domainWriter } from "./api/domains.ts";
import { eventSource } from "./api/events.ts";
import { hostReader } from "./api/host.ts";
import { networkReader, networkWriter } from "./api/networks.ts";
import { poolReader, poolWriter } from "./api/pools.ts";
import { saveImageReader, saveImageWriter } from "./api/save-images.ts";
import { snapshotReader, snapshotWriter } from "./api/snapshots.ts";
import { volumeReader, volumeWriter } from "./api/volumes.ts";
import type { Caller, CallReport } from "./connection/caller.ts";
import type { KeepaliveOptions } from "./connection/keepalive.ts";
import { Lane } from "./connection/lane.ts";
import { StreamConnections } from "./connection/stream-connections.ts";
import { openConnection } from "./connection/open-connection.ts";
import type { Libvirt, LibvirtReader, LibvirtRescue, LibvirtWriter } from "./libvirt.ts";
import { resolveUri, type Target } from "./transport/resolve-uri.ts";
import type { Dialer, Transport } from "./transport/transport.ts";

export interface ConnectOptions {
  /** Deadline for opening one connection, in milliseconds. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /**
   * Deadline of a call that names none, in milliseconds. Default 60,000: longer than the 30 s that the daemon itself waits for
   * a busy domain, so that its error arrives. Give snapshots, reverts and saves of large guests their own.
   */
  readonly callTimeoutMs?: number;
  /** Connections for work; the reserved ones come on top. Default 4. */
  readonly maxConnections?: number;
  readonly keepalive?: Partial<KeepaliveOptions>;
  /** Opens the daemon read-only: it refuses then what changes something, and secrets. Default false. */
  readonly readOnly?: boolean;
  /** Gives up connecting. */
  readonly signal?: AbortSignal;
  /** For tracing: called after each call that has ended. */
  readonly onCall?: (report: CallReport) => void;
  /** Environment variables. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** One below the daemon's default of 5 (`max_client_requests`): with 5 it stops reading, even keepalive messages. */
const maxUnfinished = 4;
/** Each takes 4 calls: so many hung agents can be waited for at once before a rescue call has to wait. */
const maxRescueConnections = 8;

/**
 * Connects to a libvirt daemon: `qemu:///system`, `qemu:///session`, `qemu+unix:///system?socket=/path`, ... Without a URI,
 * `LIBVIRT_DEFAULT_URI` counts; without that, the daemon chooses the driver.
 *
 * The first rescue connection is open when this resolves; others are opened when they are needed.
 * @throws {UriError | ConnectError | LibvirtError}
 */
export const connect = async (uri?: string, options: ConnectOptions = {}): Promise<Libvirt> => {
  const target = resolveUri(uri, {
    uid: process.geteuid?.() ?? 0,
    env: options.env ?? process.env,
    readOnly: options.readOnly ?? false,
  });
  const lane = (maxConnections: number) => newLane(target, maxConnections, options);
  const lanes = { work: lane(options.maxConnections ?? 4), rescue: lane(maxRescueConnections), events: lane(1) };
  const streams = new StreamConnections((signal) =>
    openConnection(target, { ...connectionSettings(options), keepalive: undefined, signal }),
  );
  await lanes.rescue.connection(options.signal);
  const close = async () => {
    await Promise.all([...Object.values(lanes), streams].map((open) => open.close()));
  };
  return {
    ...libvirtWriter(lanes.work, streams),
    transport: dialerOf(target.transport),
    reader: libvirtReader(lanes.work, streams),
    rescue: libvirtRescue(lanes.rescue),
    events: eventSource((signal) => lanes.events.connection(signal)),
    close,
    [Symbol.asyncDispose]: close,
  };
};

const newLane = (target: Target, maxConnections: number, options: ConnectOptions): Lane => {
  const settings = connectionSettings(options);
  const { callTimeoutMs, onCall } = settings;
  const keepalive = { intervalMs: 5000, count: 5, ...options.keepalive };
  return new Lane({
    maxConnections,
    callTimeoutMs,
    onCall,
    open: (onChange, signal) => openConnection(target, { ...settings, keepalive, onChange, signal }),
  });
};

const connectionSettings = ({
  connectTimeoutMs = 10_000,
  callTimeoutMs = 60_000,
  readOnly = false,
  onCall,
}: ConnectOptions) => ({ connectTimeoutMs, callTimeoutMs, readOnly, onCall, maxUnfinished });

const libvirtReader = (caller: Caller, streams: StreamConnections): LibvirtReader => ({
  host: hostReader(caller),
  domains: domainReader(caller),
  agent: agentReader(caller, agentQuestions(caller)),
  snapshots: snapshotReader(caller),
  checkpoints: checkpointReader(caller),
  backups: backupReader(caller),
  blockJobs: blockJobReader(caller),
  saveImages: saveImageReader(caller),
  networks: networkReader(caller),
  pools: poolReader(caller),
  volumes: volumeReader(caller, streams),
});

const libvirtWriter = (caller: Caller, streams: StreamConnections): Omit<LibvirtWriter, "transport"> => {
  const reader = libvirtReader(caller, streams);
  return {
    host: reader.host,
    domains: { ...reader.domains, ...domainWriter(caller) },
    agent: { ...reader.agent, ...agentWriter(caller) },
    snapshots: { ...reader.snapshots, ...snapshotWriter(caller) },
    checkpoints: { ...reader.checkpoints, ...checkpointWriter(caller) },
    backups: { ...reader.backups, ...backupWriter(caller) },
    blockJobs: { ...reader.blockJobs, ...blockJobWriter(caller) },
    saveImages: { ...reader.saveImages, ...saveImageWriter(caller) },
    networks: { ...reader.networks, ...networkWriter(caller) },
    pools: { ...reader.pools, ...poolWriter(caller) },
    volumes: { ...reader.volumes, ...volumeWriter(caller, streams) },
  };
};

const libvirtRescue = (caller: Caller): LibvirtRescue => {
  const domains = { ...domainReader(caller), ...domainWriter(caller) };
  const agent = { ...agentReader(caller, agentQuestions(caller)), ...agentWriter(caller) };
  const { byUuid, state, jobStats, resume, pmWakeup, start, abortJob } = domains;
  const { fsfreezeStatus, setResponseTimeout, thaw, setTime } = agent;
  return {
    domains: { byUuid, state, jobStats, resume, pmWakeup, start, abortJob },
    blockJobs: { info: blockJobReader(caller).info, abort: blockJobWriter(caller).abort },
    agent: { fsfreezeStatus, setResponseTimeout, thaw, setTime },
  };
};

/** Without the way to the daemon itself: every call goes through a lane. */
const dialerOf = ({ address, sockets, dial }: Transport): Dialer => ({ address, sockets, dial });
