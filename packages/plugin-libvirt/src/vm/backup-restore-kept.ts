import { failure, type JsonObject, type KeptPoint } from "@quiesce/core";
import { z } from "zod";
import { powers } from "../api/power.ts";
import { findVolume } from "../volume/find-volume.ts";
import type { BackupRecord } from "./backup-record.ts";
import type { Restore, Revoke } from "./backup-restore-context.ts";
import { baseOf } from "./backup-restore-id.ts";
import { identityOf, type FoundMachine } from "./backup-restore-machine.ts";
import { beforeIn, madeIn } from "./backup-restore-mark.ts";

const volume = z.readonly(
  z.object({
    path: z.string(),
    /** When it was last written to, right after the switch: as long as it stays, it is still that disk. */
    writtenAt: z.string(),
  }),
);

const kept = z.readonly(
  z.object({
    uuid: z.string(),
    name: z.string(),
    /** What the names of the restore's volumes begin with. */
    base: z.string(),
    made: z.readonly(z.array(z.readonly(z.object({ pool: z.string(), name: z.string(), path: z.string() })))),
    /** What a commit removes: replaced disks and UEFI variables. Null for a machine that was made anew. */
    replaced: z.nullable(z.readonly(z.array(volume))),
    definition: z.nullable(z.string()),
    power: z.optional(z.enum(powers)),
    autostart: z.optional(z.boolean()),
  }),
);

/** `Outcome.recovery.kept` of a restore. */
export type KeptMachine = z.output<typeof kept>;
export type KeptVolume = z.output<typeof volume>;

/** Undefined where the journal does not know how far the restore came. */
export const readKept = ({ input }: Revoke): KeptMachine | undefined =>
  input.kept === undefined ? undefined : readKeptMachine(input.kept);

export const readKeptMachine = (text: JsonObject): KeptMachine => {
  const read = kept.safeParse(text);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw failure(
    "damaged",
    `The record of what the restore kept is not whole: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}.`,
  );
};

/** The way back from a restore that is done. None where the old definition could not be kept. */
export const keptPointOf = async (
  c: Restore,
  record: BackupRecord,
  { ref, mark }: FoundMachine,
): Promise<KeptPoint | undefined> => {
  const before = beforeIn(mark);
  const made = madeIn(mark);
  const base = mark?.["base"] ?? baseOf(c, identityOf(c, record));
  const common = { uuid: ref.uuid, name: ref.name, base, made: made.map((one) => ({ ...one })) };
  if (before === undefined)
    return {
      is: "absent",
      detail: `${ref.name} was not there: the way back removes it, with its new disks.`,
      kept: { ...common, replaced: null, definition: null },
    };
  if (before.definition === null) return undefined;
  // A disk that the backup does not hold is not replaced: nothing else has its content.
  const disks = before.disks.filter(({ name }) => record.disks.some((disk) => disk.name === name));
  const nvram = record.nvram === null || before.nvram === null ? [] : [before.nvram];
  const paths = [...disks.map(({ path }) => path), ...nvram];
  const found = await Promise.all(paths.map((path) => lookAt(c, path)));
  const old = found.flatMap((one) => one ?? []);
  const { definition, power, autostart } = before;
  return {
    is: "old-disks",
    detail: `The old disks and the old definition: ${[...paths, definition].join(", ")}.`,
    bytes: old.reduce((sum, { bytes }) => sum + bytes, 0),
    kept: {
      ...common,
      replaced: old.map(({ path, writtenAt }) => ({ path, writtenAt })),
      definition,
      ...(power === undefined ? {} : { power }),
      ...(autostart === undefined ? {} : { autostart }),
    },
  };
};

/** Undefined for a file that no pool knows: libvirt can neither tell of it nor remove it. */
const lookAt = async (c: Restore, path: string): Promise<(KeptVolume & { readonly bytes: number }) | undefined> => {
  const found = await findVolume(c.api, path, { signal: c.signal });
  if (found === undefined) return undefined;
  const { allocation } = await c.api.libvirt.volumes.info(found.ref, { signal: c.signal });
  return { path, writtenAt: found.volume.writtenAt, bytes: allocation };
};
