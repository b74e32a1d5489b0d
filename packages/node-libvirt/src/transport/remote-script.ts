import { shellQuote } from "./shell-quote.ts";

/** How to reach libvirt's socket on the other machine. */
export interface RemoteDoor {
  /** `native`: libvirt's own helper; `netcat`: any netcat that knows `-U`; `auto`: the helper where there is one. */
  readonly proxy: "auto" | "native" | "netcat";
  /** The netcat program. */
  readonly netcat: string;
  /** What the helper is asked to open. */
  readonly uri: string;
  readonly readOnly: boolean;
  /** For netcat: paths where the socket may be, best first, as words for a shell. */
  readonly sockets: readonly string[];
}

/** A command for the shell of the user on the other machine, whichever that is: it leads standard input and output to libvirt. */
export const libvirtCommand = ({ proxy, netcat, uri, readOnly, sockets }: RemoteDoor): string => {
  const helper = `virt-ssh-helper ${readOnly ? "-r " : ""}${shellQuote(uri)}`;
  switch (proxy) {
    case "native":
      return inShell(`exec ${helper}`);
    case "netcat":
      return inShell(firstSocket(netcat, sockets));
    case "auto":
      return inShell(
        `if command -v virt-ssh-helper >/dev/null 2>&1; then exec ${helper}; fi; ${firstSocket(netcat, sockets)}`,
      );
  }
};

/** The same for any unix socket. */
export const socketCommand = (netcat: string, path: string): string => inShell(firstSocket(netcat, [shellQuote(path)]));

const inShell = (script: string): string => `sh -c ${shellQuote(script)}`;

/**
 * A netcat that knows `-N` needs it to end with its input; others do so by themselves or do not know it. The message goes to
 * standard error, which becomes the reason of the failure.
 */
const firstSocket = (netcat: string, sockets: readonly string[]): string => {
  const nc = shellQuote(netcat);
  return (
    `for s in ${sockets.join(" ")}; do if test -S "$s"; then n=; ` +
    `if ${nc} -h 2>&1 | grep -q -e "-N[[:space:]]"; then n=-N; fi; exec ${nc} $n -U "$s"; fi; ` +
    `t="$t $s"; done; echo "there is no socket that this user can reach at$t" >&2; exit 1`
  );
};
