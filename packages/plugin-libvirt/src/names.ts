import type { NameRule } from "@quiesce/core";

/** libvirt keeps a snapshot's metadata in a file of its name, and QEMU has 255 bytes for it in a qcow2 file. */
export const names: NameRule = { max: 128, allow: /[A-Za-z0-9._-]/ };
