import type { Kind } from "@quiesce/core";
import type { Reader } from "./client/session.ts";
import { readInventory } from "./survey/inventory.ts";
import { volumeAt } from "./survey/volume.ts";

export interface Discovered {
  readonly kind: Kind;
  readonly providerId: string;
  readonly name: string;
  readonly attachedTo?: string;
}

/** Every machine with the volumes on it, and every network. Volumes that nobody uses are left out. */
export async function* discover(read: Reader, signal: AbortSignal): AsyncGenerator<Discovered> {
  for (const { ref, paths } of await readInventory(read, { signal })) {
    yield { kind: "vm", providerId: ref.uuid, name: ref.name };
    for (const path of paths.values()) {
      const volume = await volumeAt(read, path, { signal });
      const name = volume === undefined ? path : `${volume.pool}/${volume.name}`;
      yield { kind: "volume", providerId: path, name, attachedTo: ref.uuid };
    }
  }
  for (const { uuid, name } of await read.libvirt.networks.list(0, { signal }))
    yield { kind: "network", providerId: uuid, name };
}
