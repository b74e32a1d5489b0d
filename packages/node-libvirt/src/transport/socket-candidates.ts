import { join } from "node:path";
import { UriError } from "../errors/uri-error.ts";
import { uriMode } from "./uri-mode.ts";
import { uriParam, type LibvirtUri } from "./uri.ts";

/** What the choice of a socket depends on, besides the URI. */
export interface Surroundings {
  /** Effective user id. */
  readonly uid: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readOnly: boolean;
}

/**
 * Paths where the daemon's socket may be, best first; by libvirt's rules. An explicit `socket` parameter is the only candidate.
 * Otherwise the daemon of the one driver (`virtqemud-sock`) goes before the daemon of all (`libvirt-sock`), unless `mode=legacy`
 * or `mode=direct` says which. The user's own daemon is asked for `/session` and for the test driver, but not as root.
 */
export const socketCandidates = (uri: LibvirtUri | undefined, at: Surroundings): readonly string[] => {
  const socket = uri && uriParam(uri, "socket");
  if (socket !== undefined) return [socket];
  const folder = forUser(uri, at.uid) ? userFolder(at.env) : "/var/run/libvirt";
  const suffix = at.readOnly && !forUser(uri, at.uid) ? "sock-ro" : "sock";
  const direct =
    uri === undefined || uri.driver === "remote" ? undefined : join(folder, `virt${uri.driver}d-${suffix}`);
  const legacy = join(folder, `libvirt-${suffix}`);
  switch (uriMode(uri)) {
    case "auto":
      return direct === undefined ? [legacy] : [direct, legacy];
    case "legacy":
      return [legacy];
    case "direct":
      return [direct ?? legacy];
  }
};

const forUser = (uri: LibvirtUri | undefined, uid: number): boolean =>
  uid > 0 && (uri === undefined || uri.path === "/session" || uri.driver === "test");

const userFolder = (env: Surroundings["env"]): string => {
  const runtime = env["XDG_RUNTIME_DIR"] || env["XDG_CACHE_HOME"] || (env["HOME"] && join(env["HOME"], ".cache"));
  if (!runtime) {
    throw new UriError(
      "The folder of the session daemon is unknown: set XDG_RUNTIME_DIR, or name the socket with ?socket=/path.",
    );
  }
  return join(runtime, "libvirt");
};
