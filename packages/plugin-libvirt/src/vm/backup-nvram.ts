import { failure } from "@quiesce/core";
import type { CallOptions } from "@quiesce/node-libvirt";
import { orUndefined } from "../client/or-undefined.ts";
import type { Reader } from "../client/session.ts";
import type { Backing } from "./backup-context.ts";
import type { BackupJobRecord } from "./backup-job-record.ts";

/** The file of the UEFI variables in the repository. */
export const nvramFile = "nvram";

/** Firmware has some hundred KiB of variables, and 64 MiB on ARM boards. More than the repository keeps as one file is no such file. */
const mostBytes = 16 * 1024 ** 2;

/** Whether the UEFI variables can be read: libvirt gives files of its host only as volumes of a pool. */
export const isNvramReachable = async (
  { libvirt }: Pick<Reader, "libvirt">,
  path: string,
  options: CallOptions,
): Promise<boolean> => (await orUndefined(libvirt.volumes.byPath(path, options), "no-storage-volume")) !== undefined;

export const keepNvram = async (c: Backing, { nvram, name }: BackupJobRecord): Promise<void> => {
  if (nvram === null || (await c.repository.find(nvramFile)) !== undefined) return;
  const { volumes } = c.api.libvirt;
  const volume = await orUndefined(volumes.byPath(nvram, { signal: c.signal }), "no-storage-volume");
  if (volume === undefined)
    throw failure(
      "not-found",
      `The UEFI variables of ${name} (${nvram}) are in no active pool any more, so they cannot be read.`,
    );
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of volumes.download(volume, { signal: c.signal })) {
    if (part.kind === "hole") throw failure("protocol", `libvirt told of holes in ${nvram} that nobody asked for.`);
    bytes += part.bytes.length;
    if (bytes > mostBytes) throw failure("invalid", `${nvram} has more than 16 MiB: these are no UEFI variables.`);
    parts.push(Uint8Array.from(part.bytes));
  }
  await c.repository.putFile(nvramFile, Buffer.concat(parts));
};
