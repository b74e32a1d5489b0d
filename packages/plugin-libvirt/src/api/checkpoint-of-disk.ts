import { attributesOf, buildTree, editAt, element, parseTree, tagOf } from "./xml-tree.ts";

/** A checkpoint's XML as if it marked one disk only. */
export const checkpointOfDisk = (xml: string, disk: string): string =>
  buildTree(
    editAt(parseTree(xml), ["domaincheckpoint", "disks"], (disks) =>
      disks.map((node) => {
        const { name = "" } = attributesOf(node);
        return tagOf(node) !== "disk" || name === disk ? node : element("disk", { name, checkpoint: "no" });
      }),
    ),
  );
