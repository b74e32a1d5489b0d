import { failure, isProviderFailure, ProviderFailure } from "@quiesce/core";
import { encryptedDisks, readDomain } from "../api/domain.ts";
import { restoredMark, undoneMark } from "../api/mark.ts";
import { newMachine } from "../api/new-machine.ts";
import { restoredDefinition } from "../api/restored-definition.ts";
import { isActive, powerOf } from "../api/power.ts";
import { volumePath } from "../api/volume-path.ts";
import { isInDoubt } from "../client/in-doubt.ts";
import { problem } from "../client/problem.ts";
import type { BackupRecord } from "./backup-record.ts";
import { assertReplaceable } from "./backup-restore-checks.ts";
import type { Restoring } from "./backup-restore-context.ts";
import { baseOf, restoreIdOf } from "./backup-restore-id.ts";
import { assertNameFree, type FoundMachine, type Identity } from "./backup-restore-machine.ts";
import { fullMark, type Before } from "./backup-restore-mark.ts";
import { keepDefinition } from "./backup-restore-recovery.ts";
import { restoreVolumes } from "./backup-restore-volumes.ts";
import { listCheckpoints } from "./our-checkpoint.ts";
import { NewVolumes } from "./new-volumes.ts";

/** New volumes, and then the definition that names them. When one fails, what was made goes again. */
export const defineRestored = async (
  c: Restoring,
  record: BackupRecord,
  identity: Identity,
  found: FoundMachine | undefined,
): Promise<void> => {
  await assertPossible(c, identity, found);
  const stored = await definitionOf(c, record, identity);
  const base = baseOf(c, identity);
  const made = new NewVolumes(c, { tag: c.tag, of: identity.uuid, base });
  try {
    const naming = { base, gone: found === undefined && identity.is === "same" };
    const volumes = await restoreVolumes(c, record, naming, made);
    const before = found && (await recoveryOf(c, record, found, base, made));
    // Snapshots or jobs may have come while the bytes were moved.
    await assertPossible(c, identity, found);
    const xml = restoredDefinition(stored.xml, {
      ...volumes,
      name: found?.ref.name ?? identity.name,
      without: undoneMark,
      mark: {
        kind: restoredMark,
        fields: fullMark(restoreIdOf(c), { base, made: volumes.made, before, lacks: stored.leftOut }),
      },
    });
    await define(c, xml, made);
  } catch (thrown) {
    const left = await made.removeAll();
    if (left.length === 0) throw thrown;
    throw withLeftOver(thrown, left);
  }
};

/** A definition that may still come true needs its volumes: then they stay for the next try. */
const define = async (c: Restoring, xml: string, made: NewVolumes): Promise<void> => {
  try {
    await c.api.libvirt.domains.define(xml, 0, { signal: c.signal });
  } catch (thrown) {
    if (isInDoubt(thrown)) made.keepAll();
    throw thrown;
  }
};

const assertPossible = async (c: Restoring, identity: Identity, found: FoundMachine | undefined): Promise<void> => {
  if (found === undefined) return await assertNameFree(c, identity);
  if (identity.is === "same") return await assertReplaceable(c, found.ref, "Not restored");
  throw failure("conflict", `Not restored: there is a machine ${identity.uuid} already, and it is not of this run.`);
};

const definitionOf = async (
  c: Restoring,
  record: BackupRecord,
  identity: Identity,
): Promise<ReturnType<typeof newMachine>> => {
  const xml = Buffer.from(await c.repository.readFile(record.definition)).toString("utf8");
  const { uuid } = readDomain(xml);
  if (uuid !== record.uuid)
    throw failure(
      "damaged",
      `The stored definition is of the machine ${uuid}, and the backup of ${record.uuid}. Nothing was touched.`,
    );
  const encrypted = encryptedDisks(xml).filter((name) => record.disks.some((disk) => disk.name === name));
  if (encrypted.length > 0)
    throw failure(
      "invalid",
      `Not restored: ${encrypted.join(", ")} of ${record.name} were encrypted on the host, and a restore does not encrypt new disks. ` +
        "Their content can be read from the repository.",
    );
  if (c.input.as.place !== "new") return { xml, leftOut: [] };
  const { connect } = c.input.as;
  return newMachine(xml, { uuid: identity.uuid, connect, captured: record.disks.map(({ name }) => name) });
};

/** What the machine has now, noted before it is replaced. */
const recoveryOf = async (
  c: Restoring,
  record: BackupRecord,
  { ref }: FoundMachine,
  base: string,
  made: NewVolumes,
): Promise<Before> => {
  const { domains } = c.api.libvirt;
  const { disks, nvram } = readDomain(await domains.xml(ref, 0, { signal: c.signal }));
  const paths = await Promise.all(disks.map(({ source }) => volumePath(c.api.libvirt, source, { signal: c.signal })));
  const power = await powerOf(c.api.libvirt, ref, { signal: c.signal });
  const checkpoints = isActive(power) ? [] : await listCheckpoints(c.api, ref, { signal: c.signal });
  return {
    disks: disks.flatMap(({ name }, index) => {
      const path = paths[index];
      return path === undefined ? [] : [{ name, path }];
    }),
    nvram: nvram ?? null,
    definition: await keepDefinition(c, record, ref, base, made),
    power,
    autostart: await domains.autostart(ref, { signal: c.signal }),
    ...(checkpoints.length === 0 ? {} : { bitmaps: checkpoints.map(({ checkpoint }) => checkpoint.name) }),
  };
};

const withLeftOver = (thrown: unknown, left: readonly string[]): ProviderFailure => {
  const known = isProviderFailure(thrown) ? thrown.problem : problem(thrown);
  return new ProviderFailure(
    { ...known, message: `${known.message} New volumes that could not be removed again: ${left.join(", ")}.` },
    { cause: thrown },
  );
};
