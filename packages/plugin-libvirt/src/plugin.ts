import { definePlugin } from "@quiesce/core";
import { capabilities } from "./capabilities.ts";
import { connect } from "./client/connect.ts";
import { problem } from "./client/problem.ts";
import type { Reader, Writer } from "./client/session.ts";
import { config, type Config } from "./config.ts";
import { discard } from "./owned/discard.ts";
import { discover } from "./discover.ts";
import { doctor } from "./doctor/doctor.ts";
import { names } from "./names.ts";
import { backupCreate as networkBackupCreate } from "./network/backup-create.ts";
import { backupRemove as networkBackupRemove } from "./network/backup-remove.ts";
import { backupRestore as networkBackupRestore } from "./network/backup-restore.ts";
import { snapshotCreate as networkSnapshotCreate } from "./network/snapshot-create.ts";
import { snapshotRemove as networkSnapshotRemove } from "./network/snapshot-remove.ts";
import { snapshotRestore as networkSnapshotRestore } from "./network/snapshot-restore.ts";
import { options, type Options } from "./options.ts";
import { owned } from "./owned/owned.ts";
import { settleMs } from "./settle-ms.ts";
import { survey } from "./survey/survey.ts";
import { backupCreate } from "./vm/backup-create.ts";
import { backupRemove } from "./vm/backup-remove.ts";
import { backupRestore } from "./vm/backup-restore.ts";
import { freeze } from "./vm/freeze.ts";
import { resume } from "./vm/resume.ts";
import { snapshotCreate } from "./vm/snapshot-create.ts";
import { snapshotRemove } from "./vm/snapshot-remove.ts";
import { snapshotRestore } from "./vm/snapshot-restore.ts";
import { suspend } from "./vm/suspend.ts";
import { thaw } from "./vm/thaw.ts";
import { backupCreate as volumeBackupCreate } from "./volume/backup-create.ts";
import { backupRemove as volumeBackupRemove } from "./volume/backup-remove.ts";
import { backupRestore as volumeBackupRestore } from "./volume/backup-restore.ts";

/** Quiesce's plugin for libvirt and QEMU; `plugin: libvirt` in a deployment file. */
export const libvirt = definePlugin<Config, Reader, Writer, typeof capabilities, Options>({
  name: "libvirt",
  apiVersion: 1,
  capabilities,
  config,
  options,
  names,
  settleMs,
  connect,
  survey,
  owned,
  discard,
  discover,
  doctor,
  handlers: {
    vm: {
      suspend,
      resume,
      freeze,
      thaw,
      "snapshot.create": snapshotCreate,
      "snapshot.restore": snapshotRestore,
      "snapshot.remove": snapshotRemove,
      "backup.create": backupCreate,
      "backup.remove": backupRemove,
      "backup.restore": backupRestore,
    },
    volume: {
      "backup.create": volumeBackupCreate,
      "backup.restore": volumeBackupRestore,
      "backup.remove": volumeBackupRemove,
    },
    network: {
      "snapshot.create": networkSnapshotCreate,
      "snapshot.restore": networkSnapshotRestore,
      "snapshot.remove": networkSnapshotRemove,
      "backup.create": networkBackupCreate,
      "backup.restore": networkBackupRestore,
      "backup.remove": networkBackupRemove,
    },
  },
  problem,
});
