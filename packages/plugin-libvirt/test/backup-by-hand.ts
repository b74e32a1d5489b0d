import { execFile } from "node:child_process";
import { open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  asId,
  type Artefact,
  type BackupId,
  type DiskSource,
  type Instant,
  type InstanceId,
  type Manifest,
  type RepositoryFolder,
  type RunId,
} from "@quiesce/core";
import type { Guest } from "../../../labs/libvirt/lab.ts";
import type { Rig } from "./rig.ts";

const run = promisify(execFile);
const disks = ["vda", "vdb"] as const;

interface Wanted {
  readonly instance: string;
  readonly pool: string;
  readonly format?: "qcow2" | "raw";
  readonly name?: string;
}

/**
 * A set of kind backup of a guest that does not write, made with qemu-img and virsh alone: a restore is judged without the
 * part of the product that makes backups.
 */
export const backupByHand = async (rig: Rig, guest: Guest, wanted: Wanted): Promise<Manifest> => {
  const { instance, pool, format = "qcow2", name = "set" } = wanted;
  if (rig.repository === undefined) throw new Error("The rig has no repository.");
  const id = asId<InstanceId>(instance);
  const tag = { store: rig.store.id, deployment: rig.deployment.id, run: asId<RunId>("by-hand") };
  const folder = rig.repository.folder({ tag, backup: { name, kind: "backup" }, instance: id });
  const recorded = [];
  const artefacts: Artefact[] = [];
  for (const disk of disks) {
    const stored = await putDisk(folder, guest, disk, format);
    const source = join(guest.folder, `${disk}.${format}`);
    recorded.push({ name: disk, id: stored.id, source, format, bytes: stored.size, pool, volume: `${disk}.${format}` });
    artefacts.push({ kind: "disk", id: stored.id, owner: guest.uuid, name: disk });
  }
  const xml = await guest.virsh("dumpxml", "--inactive", "--security-info");
  const definition = await folder.putFile("domain.xml", Buffer.from(xml));
  artefacts.push({ kind: "definition", id: definition.id, owner: guest.uuid, name: "domain.xml" });
  const state = await guest.state();
  const set: Manifest = {
    schema: "quiesce.backup/1",
    id: asId<BackupId>(`by-hand-${name}`),
    name,
    kind: "backup",
    deployment: rig.deployment.id,
    run: tag.run,
    createdAt: new Date().toISOString() as Instant,
    complete: true,
    repository: { id: rig.repository.id, location: rig.repository.location },
    items: [
      {
        instance: id,
        kind: "vm",
        provider: rig.deployment.instances[id]?.provider ?? asId("lab"),
        providerId: guest.uuid,
        status: "ok",
        consistency: "offline",
        artefacts,
        saved: {
          power: state === "shut off" ? "off" : state,
          consistency: "offline",
          uuid: guest.uuid,
          name: guest.name,
          autostart: false,
          disks: recorded,
          definition: definition.id,
          nvram: null,
        },
      },
    ],
  };
  return set;
};

const putDisk = async (folder: RepositoryFolder, guest: Guest, disk: (typeof disks)[number], format: string) => {
  const raw = join(guest.folder, `${disk}.by-hand`);
  await run("qemu-img", ["convert", "-U", "-O", "raw", "-f", format, join(guest.folder, `${disk}.${format}`), raw]);
  const source = await fileSource(raw);
  try {
    const { id } = await folder.putDisk({ disk, signal: AbortSignal.timeout(60_000) }, source);
    return { id, size: source.bytes };
  } finally {
    await source.close();
    await rm(raw);
  }
};

/** Without a look at where its holes are. */
const fileSource = async (path: string): Promise<DiskSource> => {
  const { size } = await stat(path);
  const file = await open(path);
  return {
    bytes: size,
    ranges: async function* () {
      yield { offset: 0, length: size, is: "data" };
    },
    read: async (offset, into) => {
      await file.read(into, 0, into.length, offset);
    },
    close: () => file.close(),
  };
};
