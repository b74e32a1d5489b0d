import type { CallOptions, LibvirtReader, VolumeRef } from "@quiesce/node-libvirt";

/** No note and no definition is as long; whatever else lies under such a name is not read to its end. */
const mostBytes = 1024 * 1024;

/** A small volume as text: at least its first megabyte. */
export const volumeText = async (
  { volumes }: Pick<LibvirtReader, "volumes">,
  volume: VolumeRef,
  { signal }: CallOptions,
): Promise<string> => {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of volumes.download(volume, { signal })) {
    const read = part.kind === "data" ? part.bytes : new Uint8Array(part.length);
    parts.push(read);
    bytes += read.length;
    if (bytes >= mostBytes) break;
  }
  return Buffer.concat(parts).toString("utf8");
};
