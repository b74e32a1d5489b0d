import { element, type XmlElement } from "../xml/element.ts";
import type { Checkpoint, CheckpointDisk } from "./checkpoint.ts";

/** Bytes that a disk's bitmap marks; `undefined` for one that cannot be read. */
export type SizeOf = (disk: CheckpointDisk) => number | undefined;

/** The checkpoint as CHECKPOINT_GET_XML_DESC prints it, without the domain. Sizes are printed where they are asked for. */
export const describeCheckpoint = (
  { name, description, parent, createdAt, disks }: Checkpoint,
  sizeOf: SizeOf = () => undefined,
): XmlElement =>
  element(
    "domaincheckpoint",
    {},
    element("name", {}, name),
    description === undefined ? undefined : element("description", {}, description),
    parent === undefined ? undefined : element("parent", {}, element("name", {}, parent)),
    element("creationTime", {}, String(createdAt)),
    element(
      "disks",
      {},
      disks.map((disk) =>
        disk.bitmap === undefined
          ? element("disk", { name: disk.name, checkpoint: "no" })
          : element("disk", {
              name: disk.name,
              checkpoint: "bitmap",
              bitmap: disk.bitmap,
              size: sizeOf(disk)?.toString(),
            }),
      ),
    ),
  );
