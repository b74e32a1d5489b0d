import { failure } from "../failure/failure.ts";
import type { Host } from "../host/host.ts";
import { textOf, type XmlElement } from "../xml/element.ts";
import type { Domain } from "./domain.ts";
import { domainByName } from "./find-domain.ts";

/** The domain that a definition is of, if it is known. @throws {Failure} operation-failed when its name or UUID is another one's */
export const sameDomain = (host: Host, config: XmlElement): Domain | undefined => {
  const name = textOf(config, "name") ?? "";
  const uuid = textOf(config, "uuid") ?? "";
  const sameUuid = host.domains.get(uuid);
  const sameName = domainByName(host, name);
  if (sameUuid !== undefined && sameUuid.name !== name) {
    const text = `domain '${sameUuid.name}' is already defined with uuid ${uuid}`;
    throw failure("operation-failed", "domain", text);
  }
  if (sameName !== undefined && sameName.uuid !== uuid) {
    const text = `domain '${name}' already exists with uuid ${sameName.uuid}`;
    throw failure("operation-failed", "domain", text);
  }
  return sameUuid;
};
