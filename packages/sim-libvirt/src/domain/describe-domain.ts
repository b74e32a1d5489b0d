import { mapChildren, withAttributes } from "../xml/edit.ts";
import type { XmlElement } from "../xml/element.ts";
import { isAgentChannel } from "./agent-channel.ts";
import type { Domain } from "./domain.ts";

const inactiveFlag = 2;

/** The definition that GET_XML_DESC prints. Flag 2 asks for the one of the next start. */
export const describeDomain = (domain: Domain, flags: number): XmlElement => {
  if (domain.live === undefined || (flags & inactiveFlag) !== 0) return domain.config;
  const state = domain.guest.agent.connected ? "connected" : "disconnected";
  return mapChildren(domain.live, "devices", (devices) =>
    mapChildren(devices, "channel", (channel) =>
      isAgentChannel(channel) ? mapChildren(channel, "target", (target) => withAttributes(target, { state })) : channel,
    ),
  );
};
