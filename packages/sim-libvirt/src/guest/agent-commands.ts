import { failure, type Failure } from "../failure/failure.ts";
import type { Guest } from "./guest.ts";

export type AgentArguments = Readonly<Record<string, unknown>>;
type Command = (guest: Guest, args: AgentArguments) => unknown;

/** What a Linux agent still answers while it has frozen something. */
const whileFrozen: ReadonlySet<string> = new Set([
  "guest-ping",
  "guest-info",
  "guest-sync",
  "guest-fsfreeze-status",
  "guest-fsfreeze-thaw",
]);

/**
 * Performs a command inside the guest.
 * @throws {Failure} as the daemon words a refusal of the agent.
 */
export const performAgentCommand = (guest: Guest, execute: string, args: AgentArguments = {}): unknown => {
  const command = commands[execute];
  if (command === undefined) throw refused(execute, `The command ${execute} has not been found`);
  if (guest.filesystems.frozen.length > 0 && !whileFrozen.has(execute)) {
    throw refused(execute, `Command ${execute} has been disabled: the agent is in frozen state`);
  }
  return command(guest, args);
};

const refused = (execute: string, reason: string): Failure =>
  failure("internal-error", "qemu", `unable to execute QEMU agent command '${execute}': ${reason}`);

const freeze = (guest: Guest, mountpoints: readonly string[] | undefined): number => {
  const all = guest.mounts().map((mount) => mount.mountpoint);
  const chosen = mountpoints === undefined ? all : all.filter((mountpoint) => mountpoints.includes(mountpoint));
  guest.filesystems.freeze(chosen, guest.settings.autoThawMs);
  return chosen.length;
};

const commands: Readonly<Record<string, Command>> = {
  "guest-ping": () => ({}),
  "guest-sync": (_guest, args) => args["id"],
  "guest-info": () => ({
    version: "7.2.22",
    supported_commands: Object.keys(commands).map((name) => ({ enabled: true, name, "success-response": true })),
  }),
  "guest-fsfreeze-status": (guest) => (guest.filesystems.frozen.length > 0 ? "frozen" : "thawed"),
  "guest-fsfreeze-freeze": (guest) => freeze(guest, undefined),
  "guest-fsfreeze-freeze-list": (guest, args) => freeze(guest, args["mountpoints"] as readonly string[] | undefined),
  "guest-fsfreeze-thaw": (guest) => guest.filesystems.thaw("thaw"),
  "guest-get-time": (guest) => guest.clockMs * 1_000_000,
  // Without a time, the guest reads its hardware clock, which is the host's.
  "guest-set-time": (guest, args) => {
    guest.setClock(typeof args["time"] === "number" ? args["time"] / 1_000_000 : guest.hardwareClockMs);
    return {};
  },
  "guest-get-fsinfo": (guest) =>
    guest
      .mounts()
      .map(({ mountpoint, disk, type }) => ({ name: disk, mountpoint, type, disk: [{ dev: `/dev/${disk}` }] })),
  "guest-get-host-name": () => ({ "host-name": "sim" }),
  "guest-get-osinfo": () => ({ id: "debian", name: "Debian GNU/Linux", "version-id": "12", machine: "x86_64" }),
  // The daemon puts the domain to sleep when the answer is there.
  "guest-suspend-ram": () => ({}),
};
