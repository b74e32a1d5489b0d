import { attributeOf, childOf, childrenOf, type XmlElement } from "../xml/element.ts";

/** True for the channel that a guest agent speaks on. */
export const isAgentChannel = (channel: XmlElement): boolean =>
  attributeOf(childOf(channel, "target"), "name") === "org.qemu.guest_agent.0";

export const hasAgentChannel = (domain: XmlElement): boolean =>
  childrenOf(childOf(domain, "devices"), "channel").some(isAgentChannel);
