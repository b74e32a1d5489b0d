import { markedChildren } from "./mark-node.ts";
import type { MarkFields, MarkKind } from "./mark.ts";
import { buildTree, inside, parseTree } from "./xml-tree.ts";

/**
 * A snapshot's XML with a mark in the metadata of the definitions that lie in it, for CREATE with `redefine`. A revert
 * brings the machine's metadata back together with its content, so the mark appears exactly when the content does.
 */
export const withMark = (snapshotXml: string, kind: MarkKind, fields: MarkFields): string => {
  const put = (children: Parameters<typeof markedChildren>[0]) => markedChildren(children, kind, fields);
  return buildTree(
    parseTree(snapshotXml).map((node) =>
      inside(node, "domainsnapshot", (children) =>
        children.map((child) => inside(inside(child, "domain", put), "inactiveDomain", put)),
      ),
    ),
  );
};
