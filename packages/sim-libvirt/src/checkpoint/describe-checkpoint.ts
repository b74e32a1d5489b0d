import { element, type XmlElement } from "../xml/element.ts";
import type { Checkpoint } from "./checkpoint.ts";

/** The checkpoint as CHECKPOINT_GET_XML_DESC prints it, without the domain. */
export const describeCheckpoint = ({ name, description, parent, createdAt, disks }: Checkpoint): XmlElement =>
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
        element("disk", {
          name: disk.name,
          checkpoint: disk.included ? "bitmap" : "no",
          bitmap: disk.included ? name : undefined,
        }),
      ),
    ),
  );
