import { shellQuote } from "./shell-quote.ts";
import { uriMode } from "./uri-mode.ts";
import { uriParam, type LibvirtUri } from "./uri.ts";

/** Paths where libvirt's socket may be on another machine, best first, as words for a shell there: its environment decides. */
export const remoteSockets = (uri: LibvirtUri, readOnly: boolean): readonly string[] => {
  const socket = uriParam(uri, "socket");
  if (socket !== undefined) return [shellQuote(socket)];
  const session = uri.path === "/session" || uri.driver === "test";
  const folder = session ? '"${XDG_RUNTIME_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}}"/libvirt/' : "/var/run/libvirt/";
  const end = readOnly && !session ? "sock-ro" : "sock";
  const legacy = folder + shellQuote(`libvirt-${end}`);
  const direct = folder + shellQuote(`virt${uri.driver}d-${end}`);
  const mode = uriMode(uri);
  if (mode === "legacy" || uri.driver === "remote") return [legacy];
  return mode === "direct" ? [direct] : [direct, legacy];
};
