import { holdsBitmaps } from "../disk/disk-image.ts";
import { disksOf, type DomainDisk } from "../domain/domain-disks.ts";
import type { Domain } from "../domain/domain.ts";
import { failure } from "../failure/failure.ts";
import type { Host } from "../host/host.ts";
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from "../xml/element.ts";
import type { Checkpoint, CheckpointDisk } from "./checkpoint.ts";

/** What a client asks of a new checkpoint, with what the daemon fills in. @throws {Failure} */
export const planCheckpoint = (host: Host, domain: Domain, xml: XmlElement): Checkpoint => {
  const createdAt = Math.floor(host.clock.now() / 1000);
  const name = textOf(xml, "name") ?? String(createdAt);
  if (domain.checkpoints.has(name)) throw failure("operation-failed", "domain", `domain moment ${name} already exists`);
  return {
    name,
    description: textOf(xml, "description"),
    parent: [...domain.checkpoints.keys()].at(-1),
    createdAt,
    disks: readCheckpointDisks(domain, xml, name),
  };
};

/** The disks of a checkpoint: all writable ones by default, otherwise those that are named. @throws {Failure} */
export const readCheckpointDisks = (domain: Domain, xml: XmlElement, name: string): readonly CheckpointDisk[] => {
  const disks = disksOf(domain.live ?? domain.config);
  const listed = childOf(xml, "disks");
  const asked = childrenOf(listed, "disk");
  for (const request of asked) mustExist(disks, attributeOf(request, "name") ?? "");
  return disks.map((disk) => {
    const request = asked.find((one) => [disk.target, disk.path].includes(attributeOf(one, "name")));
    const usual = listed === undefined && !disk.readonly && disk.path !== undefined;
    const wanted = request === undefined ? usual : attributeOf(request, "checkpoint") !== "no";
    if (!wanted) return { name: disk.target, bitmap: undefined };
    if (disk.format !== "qcow2") {
      const text = `checkpoint for disk ${disk.target} unsupported for storage type ${disk.format}`;
      throw failure("config-unsupported", "qemu", text);
    }
    return { name: disk.target, bitmap: attributeOf(request, "bitmap") ?? name };
  });
};

const mustExist = (disks: readonly DomainDisk[], name: string): void => {
  if (disks.some((disk) => disk.target === name || disk.path === name)) return;
  throw failure("config-unsupported", "checkpoint", `no disk named '${name}'`);
};

/** Begins to record. The domain runs. @throws {Failure} when a disk has a bitmap of this name; none is begun then */
export const beginCheckpoint = (domain: Domain, checkpoint: Checkpoint): void => {
  const begun = checkpoint.disks.flatMap(({ name, bitmap }) => {
    const drive = domain.drives.get(name);
    return bitmap === undefined || drive === undefined ? [] : [{ bitmap, path: drive.path, bitmaps: drive.bitmaps }];
  });
  const old = begun.find(({ path }) => !holdsBitmaps(path));
  if (old !== undefined) {
    const text = `Can't make bitmap '${old.bitmap}' persistent in 'libvirt-1-format': Cannot store dirty bitmaps in qcow2 v2 files`;
    throw failure("internal-error", "qemu", `unable to execute QEMU command 'transaction': ${text}`);
  }
  const taken = begun.find(({ bitmap, bitmaps }) => bitmaps.good.has(bitmap) || bitmaps.broken.has(bitmap));
  if (taken !== undefined) {
    const text = `unable to execute QEMU command 'transaction': Bitmap already exists: ${taken.bitmap}`;
    throw failure("internal-error", "qemu", text);
  }
  for (const { bitmap, bitmaps } of begun) bitmaps.good.set(bitmap, new Set());
  domain.checkpoints.set(checkpoint.name, checkpoint);
};
