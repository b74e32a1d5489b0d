import { ConnectError, type ConnectFailure } from "../errors/connect-error.ts";
import { UriError } from "../errors/uri-error.ts";
import { daemonUri } from "./daemon-uri.ts";
import { ProcessPipe, type ProcessEnd } from "./process-pipe.ts";
import { libvirtCommand, socketCommand, type RemoteDoor } from "./remote-script.ts";
import { remoteSockets } from "./remote-sockets.ts";
import type { Surroundings } from "./socket-candidates.ts";
import { sshArguments } from "./ssh-arguments.ts";
import type { Transport } from "./transport.ts";
import { uriParam, type LibvirtUri } from "./uri.ts";

/**
 * `qemu+ssh://[user@]host[:port]/system`: the system's own `ssh`, with its configuration, keys and agent. Each pipe is a process.
 * @throws {UriError}
 */
export const sshTransport = (uri: LibvirtUri, { env, readOnly }: Surroundings): Transport => {
  const door = remoteDoor(uri, readOnly);
  const command = uriParam(uri, "command") ?? "ssh";
  // What is wrong with the URI is said before anything is opened.
  sshArguments(uri, "");
  const address = `ssh ${uri.host ?? ""}${uri.port === undefined ? "" : `:${uri.port}`}`;
  const run = async (remote: string, signal?: AbortSignal): Promise<ProcessPipe> => {
    if (signal?.aborted) throw new ConnectError("aborted", `Connecting over ${address} was given up by the caller.`);
    return new ProcessPipe({
      command,
      args: sshArguments(uri, remote),
      // Its messages are read.
      env: { ...env, LC_ALL: "C" },
      explain: (end) => failed(address, command, end),
    });
  };
  return {
    address,
    sockets: "carried",
    open: (signal) => run(libvirtCommand(door), signal),
    dial: (path, signal) => run(socketCommand(door.netcat, path), signal),
  };
};

const remoteDoor = (uri: LibvirtUri, readOnly: boolean): RemoteDoor => {
  const named = uriParam(uri, "socket") !== undefined;
  const proxy = uriParam(uri, "proxy") ?? (named ? "netcat" : "auto");
  if (proxy !== "auto" && proxy !== "native" && proxy !== "netcat") {
    throw new UriError("The libvirt URI has an unknown proxy; it is auto, native or netcat.");
  }
  if (proxy === "native" && named) {
    throw new UriError(
      "The libvirt URI names a socket, which libvirt's helper (proxy=native) cannot take. Leave one out.",
    );
  }
  return {
    // The helper chooses its socket by itself.
    proxy: named ? "netcat" : proxy,
    netcat: uriParam(uri, "netcat") ?? "nc",
    uri: daemonUri(uri),
    readOnly,
    sockets: remoteSockets(uri, readOnly),
  };
};

const reasons: readonly (readonly [RegExp, ConnectFailure, string])[] = [
  [
    /host key verification failed|host identification has changed/iu,
    "untrusted",
    "Check the host's key and put it into known_hosts.",
  ],
  [
    /permission denied \(/iu,
    "authentication",
    "Give a key that the host accepts (?keyfile=/path), or load it into the ssh agent.",
  ],
  [/connection refused/iu, "refused", "Is sshd running there?"],
  [
    /no socket that this user can reach/iu,
    "no-socket",
    "Start libvirtd or virtqemud there, and let this user reach its socket.",
  ],
];

const failed = (address: string, command: string, { code, said, cause }: ProcessEnd): ConnectError => {
  if (cause !== undefined) {
    const message = `Cannot run ${command} for ${address}: ${cause.message}. Install the OpenSSH client, or name it with ?command=/path.`;
    return new ConnectError("failed", message, { cause });
  }
  const [, failure, advice] = reasons.find(([pattern]) => pattern.test(said)) ?? [undefined, "failed" as const, ""];
  const why = said === "" ? `ssh ended with the code ${code ?? "none"}` : said.replaceAll(/\s*\r?\n\s*/gu, "; ");
  return new ConnectError(failure, [`The way over ${address} is closed: ${why}.`, advice].join(" ").trim());
};
