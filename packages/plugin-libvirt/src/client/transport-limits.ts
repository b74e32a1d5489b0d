import type { Restriction } from "@quiesce/core";
import type { Dialer } from "@quiesce/node-libvirt";

/** What the way to the daemon cannot carry. The bytes of a backup come over a socket of QEMU's own, not over libvirt's. */
export const transportLimits = ({ sockets, address }: Pick<Dialer, "sockets" | "address">): readonly Restriction[] =>
  sockets === "none"
    ? [
        {
          cell: { kind: "vm", operation: "backup.create" },
          mode: "no-api",
          reason: `The connection (${address}) leads to libvirt alone, and the bytes of a backup come from a socket of QEMU beside it.`,
          fix: "Connect over ssh (qemu+ssh://user@host/system), or run Quiesce on the host itself.",
        },
      ]
    : [];
