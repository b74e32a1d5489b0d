import { byCompare, byVm, defineCapabilities, holding, supported } from "@quiesce/core/capability";

/**
 * What this plugin does on libvirt and QEMU. A snapshot is an internal one: it lies in the qcow2 files of the machine
 * and takes all its writable disks and its memory at once, so that a volume is covered by its machine. So is an attached
 * volume in a backup; one that no machine uses is copied by itself, and a survey lowers these cells for the others.
 */
export const capabilities = defineCapabilities({
  vm: {
    suspend: supported("0.1.0"),
    resume: supported("0.1.0"),
    freeze: supported("0.1.0"),
    thaw: supported("0.1.0"),
    "snapshot.create": supported("0.1.0"),
    "snapshot.restore": supported("0.1.0"),
    "snapshot.remove": supported("0.1.0"),
    "backup.create": holding("0.1.0"),
    "backup.restore": supported("0.1.0"),
    "backup.remove": supported("0.1.0"),
  },
  volume: {
    "snapshot.create": byVm("0.1.0"),
    "snapshot.restore": byVm("0.1.0"),
    "snapshot.remove": byVm("0.1.0"),
    "backup.create": supported("0.1.0"),
    "backup.restore": supported("0.1.0"),
    "backup.remove": supported("0.1.0"),
  },
  network: {
    "snapshot.create": supported("0.1.0"),
    "snapshot.restore": byCompare("0.1.0"),
    "snapshot.remove": supported("0.1.0"),
    "backup.create": supported("0.1.0"),
    "backup.restore": byCompare("0.1.0"),
    "backup.remove": supported("0.1.0"),
  },
});
