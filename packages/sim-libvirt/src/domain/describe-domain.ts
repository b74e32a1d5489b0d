import { backingChain, diskFormat } from "../disk/disk-image.ts";
import { mapChildren, withAttributes, withChildren } from "../xml/edit.ts";
import { attributeOf, childOf, element, elementsOf, type XmlElement } from "../xml/element.ts";
import { isAgentChannel } from "./agent-channel.ts";
import type { Domain } from "./domain.ts";

const inactiveFlag = 2;

/** The definition that GET_XML_DESC prints. Flag 2 asks for the one of the next start. */
export const describeDomain = (domain: Domain, flags: number): XmlElement => {
  if (domain.live === undefined || (flags & inactiveFlag) !== 0) return domain.config;
  const state = domain.guest.agent.connected ? "connected" : "disconnected";
  return mapChildren(domain.live, "devices", (devices) =>
    mapChildren(
      mapChildren(devices, "channel", (channel) =>
        isAgentChannel(channel)
          ? mapChildren(channel, "target", (target) => withAttributes(target, { state }))
          : channel,
      ),
      "disk",
      (disk) => withFiles(domain, disk),
    ),
  );
};

/** What the daemon has found below a disk's file, and the file that a block job copies to. */
const withFiles = (domain: Domain, disk: XmlElement): XmlElement => {
  const path = attributeOf(childOf(disk, "source"), "file");
  if (path === undefined) return disk;
  const job = domain.blockJobs.get(attributeOf(childOf(disk, "target"), "dev") ?? "");
  const mirror =
    job?.type === "active-commit"
      ? element(
          "mirror",
          { type: "file", job: "active-commit", ready: job.ready ? "yes" : undefined },
          element("format", { type: diskFormat(job.base) }),
          element("source", { file: job.base }),
        )
      : undefined;
  const added = [backingStore(backingChain(path)), ...(mirror === undefined ? [] : [mirror])];
  const others = elementsOf(disk).filter(({ name }) => name !== "backingStore" && name !== "mirror");
  return withChildren(
    disk,
    others.flatMap((part) => (part.name === "source" ? [part, ...added] : [part])),
  );
};

const backingStore = ([path, ...below]: readonly string[]): XmlElement =>
  path === undefined
    ? element("backingStore")
    : element(
        "backingStore",
        { type: "file" },
        element("format", { type: diskFormat(path) }),
        element("source", { file: path }),
        backingStore(below),
      );
