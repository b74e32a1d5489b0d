import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Host } from "../host/host.ts";
import { mapChildren, withChildren } from "../xml/edit.ts";
import { attributeOf, childOf, element, textOf, type XmlElement } from "../xml/element.ts";

/** Bytes of the variables of a UEFI firmware, small as they are here. */
const nvramBytes = 65_536;

export const hasPflash = (domain: XmlElement | undefined): boolean => {
  const os = childOf(domain, "os");
  return attributeOf(childOf(os, "loader"), "type") === "pflash" || attributeOf(os, "firmware") === "efi";
};

/** Path of the file with the variables of a domain's UEFI firmware. */
export const nvramOf = (domain: XmlElement | undefined): string | undefined => textOf(childOf(domain, "os"), "nvram");

/** A definition with UEFI firmware gets a file for its variables, unless it names one. */
export const withNvram = (host: Host, config: XmlElement): XmlElement => {
  if (!hasPflash(config) || nvramOf(config) !== undefined) return config;
  const path = join(host.dir, "nvram", `${textOf(config, "name")}_VARS.fd`);
  return mapChildren(config, "os", (os) => withChildren(os, [...os.children, element("nvram", {}, path)]));
};

/** The first start makes the file; from then on it is what the guest has made of it. */
export const ensureNvram = (domain: XmlElement): void => {
  const path = nvramOf(domain);
  if (path === undefined || existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.alloc(nvramBytes), { mode: 0o600 });
};
