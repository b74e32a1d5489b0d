import type { Domain } from "../domain/domain.ts";
import { findDomain, mustBeActive } from "../domain/find-domain.ts";
import { errorCodes, errorDomains } from "../failure/error-codes.ts";
import { failure, Failure } from "../failure/failure.ts";
import type { XmlElement } from "../xml/element.ts";
import { getMetadata, setMetadata, type MetadataPlace } from "../domain/domain-metadata.ts";
import type { Handlers } from "./call.ts";
import { monitorJob } from "./jobs.ts";
import { readXml } from "./read-xml.ts";

const affect = { live: 1, config: 2 };

/** Notes in a domain's definition. */
export const metadataCalls: Handlers = {
  domainGetMetadata: ({ domain: ref, type, uri, flags }, { host }) => {
    const domain = findDomain(host, ref);
    const { live, config } = targets(domain, flags);
    const found = getMetadata(live ?? config ?? domain.config, place(type, uri, undefined));
    if (found !== undefined) return { metadata: found };
    throw failure("no-domain-metadata", "domain", "Requested metadata element is not present");
  },
  domainSetMetadata: ({ domain: ref, type, metadata, key, uri, flags }, call) => {
    const domain = findDomain(call.host, ref);
    if (type === 2 && metadata !== undefined && key === undefined) {
      const text = "key in virDomainSetMetadata must not be NULL";
      throw new Failure(errorCodes["invalid-argument"].code, errorDomains.domain, text);
    }
    return monitorJob(domain, call, () => {
      const { live, config } = targets(domain, flags);
      const at = place(type, uri, key);
      const content = type === 2 && metadata !== undefined ? readXml(metadata, "metadata_xml", "domain") : metadata;
      if (live !== undefined) domain.live = setMetadata(live, at, content);
      if (config !== undefined) domain.config = setMetadata(config, at, content);
    });
  },
};

const place = (type: number, uri: string | undefined, key: string | undefined): MetadataPlace =>
  type === 0
    ? { kind: "description" }
    : type === 1
      ? { kind: "title" }
      : { kind: "element", uri: uri ?? "", key: key ?? "" };

/** Flags 0: what runs, or the definition when nothing runs. */
const targets = (
  domain: Domain,
  flags: number,
): { readonly live: XmlElement | undefined; readonly config: XmlElement | undefined } => {
  if ((flags & affect.live) !== 0) mustBeActive(domain);
  const neither = (flags & (affect.live | affect.config)) === 0;
  const wantsLive = (flags & affect.live) !== 0 || (neither && domain.live !== undefined);
  const wantsConfig = (flags & affect.config) !== 0 || (neither && domain.live === undefined);
  return { live: wantsLive ? domain.live : undefined, config: wantsConfig ? domain.config : undefined };
};
