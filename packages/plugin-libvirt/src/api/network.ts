import type { JsonObject } from "@quiesce/core";
import { readXml, type XmlElement } from "./xml.ts";

/** Elements that a network may have several of; each is known by the first of these attributes that it has. */
const repeated: ReadonlySet<string> = new Set(
  "ip route portgroup range host hostname forwarder txt srv interface pf address port tag option".split(" "),
);
const identities = ["mac", "name", "address", "addr", "ip", "start", "dev", "domain", "id", "type", "number"] as const;

/** What libvirt makes up where a definition leaves it out; compared only if the stored one has it. */
const generated = ["uuid", "mac", "bridge"] as const;

/**
 * A network's definition in a form in which two that mean the same are equal: without what only tells the present
 * (`connections`), and with lists as objects, so that the order of DHCP hosts does not count and a difference has a
 * path that people can read (`/ip/192.168.1.1/dhcp/host/52:54:00:00:00:01`).
 */
export const canonicalNetwork = (xml: string): JsonObject => {
  const { connections: _, ...attributes } = readXml(xml, "network").attributes;
  return canonical({ ...readXml(xml, "network"), attributes });
};

/** The current definition without what was made up for it and the stored one does not mention. */
export const comparable = (current: JsonObject, stored: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(current).filter(([name]) => name in stored || !generated.some((one) => one === name)),
  );

const canonical = ({ attributes, children, text }: XmlElement): JsonObject => {
  const byName = Map.groupBy(children, ({ name }) => name);
  return {
    ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`@${name}`, value])),
    ...(text === "" ? {} : { "#text": text }),
    ...Object.fromEntries([...byName].map(([name, group]) => [name, groupOf(name, group)])),
  };
};

const groupOf = (name: string, group: readonly XmlElement[]): JsonObject => {
  const [only, ...others] = group;
  if (only !== undefined && others.length === 0 && !repeated.has(name)) return canonical(only);
  const keyed: Record<string, JsonObject> = {};
  for (const element of group.toSorted((a, b) => (contentOf(a) < contentOf(b) ? -1 : 1))) {
    keyed[freeKey(keyed, keyOf(element))] = canonical(element);
  }
  return keyed;
};

const keyOf = ({ attributes, text }: XmlElement): string => {
  const name = identities.find((one) => attributes[one] !== undefined);
  return (name && attributes[name]) ?? (text === "" ? "-" : text);
};

/** Two of one kind with the same key: the second is `key#2`. */
const freeKey = (taken: Readonly<Record<string, unknown>>, key: string): string => {
  let free = key;
  for (let number = 2; free in taken; number += 1) free = `${key}#${number}`;
  return free;
};

const contentOf = (element: XmlElement): string => JSON.stringify(canonical(element));
