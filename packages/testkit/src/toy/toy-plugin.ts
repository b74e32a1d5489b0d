import { asId, definePlugin, isProviderFailure, type Account, type Plugin, type Schema } from "@quiesce/core";
import { createBackup } from "./toy-backup-create.ts";
import { removeBackup } from "./toy-backup-remove.ts";
import { restoreBackup } from "./toy-backup-restore.ts";
import { toyCapabilities } from "./toy-capabilities.ts";
import type { ToyCloud } from "./toy-cloud.ts";
import { discardOwned, ownedBy } from "./toy-owned.ts";
import { freeze, resume, suspend, thaw } from "./toy-power.ts";
import { createSnapshot, removeSnapshot, restoreSnapshot } from "./toy-snapshots.ts";
import { surveyOf } from "./toy-survey.ts";

const anything: Schema<unknown> = { "~standard": { version: 1, vendor: "toy", validate: (value) => ({ value }) } };

/**
 * A plugin for a toy cloud: the shortest plugin that has every kind of cell. `settleMs`: how late a call to this cloud
 * may take effect; default 0.
 */
export const toyPlugin = (cloud: ToyCloud, { settleMs = 0 }: { readonly settleMs?: number } = {}): Plugin =>
  definePlugin({
    name: "toy",
    apiVersion: 1,
    capabilities: toyCapabilities,
    config: anything,
    names: { max: 63, allow: /[a-z0-9-]/ },
    settleMs,
    connect: async () => ({
      read: cloud,
      write: cloud,
      account: asId<Account>("toy"),
      restrictions: [],
      close: async () => {},
    }),
    survey: async (api, targets) => targets.map((target) => surveyOf(api, target)),
    owned: async function* (api, by) {
      yield* ownedBy(api, by);
    },
    discard: discardOwned,
    handlers: {
      vm: {
        suspend,
        resume,
        freeze,
        thaw,
        "snapshot.create": createSnapshot,
        "snapshot.restore": restoreSnapshot,
        "snapshot.remove": removeSnapshot,
        "backup.create": createBackup,
        "backup.restore": restoreBackup,
        "backup.remove": removeBackup,
      },
      volume: {},
      network: {},
    },
    problem: (thrown) =>
      isProviderFailure(thrown)
        ? thrown.problem
        : {
            code: "protocol",
            advice: { retry: "never" },
            message: thrown instanceof Error ? thrown.message : "unknown failure",
          },
  });
