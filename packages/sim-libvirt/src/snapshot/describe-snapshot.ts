import { element, type XmlElement } from "../xml/element.ts";
import type { Snapshot, SnapshotDisk } from "./snapshot.ts";

/** The snapshot as SNAPSHOT_GET_XML_DESC prints it. */
export const describeSnapshot = (snapshot: Snapshot): XmlElement =>
  element(
    "domainsnapshot",
    {},
    element("name", {}, snapshot.name),
    snapshot.description === undefined ? undefined : element("description", {}, snapshot.description),
    element("state", {}, snapshot.state),
    snapshot.parent === undefined ? undefined : element("parent", {}, element("name", {}, snapshot.parent)),
    element("creationTime", {}, String(snapshot.createdAt)),
    element("memory", { snapshot: snapshot.memory === undefined ? "no" : "internal" }),
    element("disks", {}, snapshot.disks.map(describeDisk)),
    snapshot.domain,
    snapshot.inactiveDomain === undefined ? undefined : { ...snapshot.inactiveDomain, name: "inactiveDomain" },
  );

const describeDisk = (disk: SnapshotDisk): XmlElement =>
  disk.mode === "external"
    ? element(
        "disk",
        { name: disk.name, snapshot: disk.mode, type: "file" },
        element("driver", { type: "qcow2" }),
        element("source", { file: disk.overlay }),
      )
    : element("disk", { name: disk.name, snapshot: disk.mode });
