import { failure } from "@quiesce/core";
import { undoneMark } from "../api/mark.ts";
import { readDomain } from "../api/domain.ts";
import { readKeptDefinition } from "../api/kept-definition.ts";
import { powers, type Power } from "../api/power.ts";
import { restoredDefinition } from "../api/restored-definition.ts";
import { volumeText } from "../api/volume-text.ts";
import { findVolume } from "../volume/find-volume.ts";
import { readBackupRecord } from "./backup-record.ts";
import { assertReplaceable } from "./backup-restore-checks.ts";
import type { Revoking } from "./backup-restore-context.ts";
import type { FoundMachine } from "./backup-restore-machine.ts";
import type { Before } from "./backup-restore-mark.ts";
import { assertOldDisks } from "./backup-restore-old-disks.ts";
import { restoredPower, type RestoredPower } from "./backup-restore-power.ts";
import type { Revoked } from "./backup-restore-revoked.ts";
import { bringUp, forgetCheckpoints, stop } from "./backup-restore-switch.ts";
import { volumesOf } from "./restore-notes.ts";

/** Defines a machine as it was before a restore. What runs does not notice. */
export const putBack = async (c: Revoking, machine: FoundMachine, before: Before, revoked: Revoked): Promise<void> => {
  const { ref } = machine;
  await assertReplaceable(c, ref, "Not taken back");
  const definition = await oldDefinition(c, machine, before, revoked);
  await assertOldDisks(c, ref, readDomain(definition));
  const { power } = readBackupRecord(c.input.saved);
  const xml = restoredDefinition(definition, {
    name: ref.name,
    disks: new Map(),
    nvram: undefined,
    mark: {
      kind: undoneMark,
      fields: {
        store: revoked.id.store,
        run: c.run,
        of: revoked.id.run,
        backup: revoked.id.backup,
        power: before.power ?? power,
        autostart: String(before.autostart ?? false),
        ...(before.bitmaps === undefined ? {} : { bitmaps: before.bitmaps.join(" ") }),
      },
    },
  });
  await c.api.libvirt.domains.define(xml, 0, { signal: c.signal });
};

const oldDefinition = async (
  c: Revoking,
  { ref }: FoundMachine,
  { definition: path }: Before,
  { id }: Revoked,
): Promise<string> => {
  const found = path === null ? undefined : await findVolume(c.api, path, { signal: c.signal });
  if (found === undefined)
    throw failure(
      "not-found",
      `Not taken back: the old definition of ${ref.name} was ${path === null ? "not kept" : `kept in ${path}, which is gone`}. Nothing was touched.`,
    );
  const { tag, definition } = readKeptDefinition(await volumeText(c.api.libvirt, found.ref, { signal: c.signal }));
  const isIts = tag === undefined || (tag.store === id.store && tag.run === id.run);
  if (isIts && readDomain(definition).uuid === ref.uuid) return definition;
  throw failure(
    "conflict",
    `Not taken back: ${path} does not hold the old definition of ${ref.name}. Nothing was touched.`,
  );
};

/** Whether a machine has the definition from before a restore again. */
export const isTakenBack = ({ undone, marked }: FoundMachine, { id }: Revoked): boolean =>
  !marked && undone?.["store"] === id.store && undone["of"] === id.run;

/** What a machine that is taken back is to do. */
export const powerAfter = ({ undone }: FoundMachine): RestoredPower =>
  restoredPower(powers.find((one): one is Power => one === undone?.["power"]) ?? "off");

/** Takes a machine whose old definition is there back to its old disks. May be called again. */
export const switchBack = async (c: Revoking, machine: FoundMachine, { base }: Revoked): Promise<void> => {
  const { domains } = c.api.libvirt;
  const options = { signal: c.signal };
  const { ref, undone } = machine;
  if (machine.runsOnOthers) await stop(c, ref);
  // Its memory goes with the disks that the restore brought; once those are gone, it is of a later time.
  if ((await volumesOf(c, base)).length > 0 && (await domains.hasManagedSave(ref, options)))
    await domains.removeManagedSave(ref, options);
  if (!(await domains.isActive(ref, options))) await forgetCheckpoints(c, ref);
  const autostart = undone?.["autostart"] === "true";
  if ((await domains.autostart(ref, options)) !== autostart) await domains.setAutostart(ref, autostart, options);
  await bringUp(c, ref, powerAfter(machine));
};
