import type { DomainRef } from "@quiesce/node-libvirt/protocol";
import { failure } from "../failure/failure.ts";
import type { Host } from "../host/host.ts";
import { isActive, type Domain } from "./domain.ts";

/** The domain that a call names: by UUID alone. @throws {Failure} no-domain */
export const findDomain = (host: Host, { uuid, name }: Pick<DomainRef, "uuid" | "name">): Domain => {
  const domain = host.domains.get(uuid);
  if (domain !== undefined) return domain;
  throw failure("no-domain", "qemu", `no domain with matching uuid '${uuid}' (${name})`);
};

export const domainByName = (host: Host, name: string): Domain | undefined =>
  [...host.domains.values()].find((domain) => domain.name === name);

/** @throws {Failure} operation-invalid */
export const mustBeActive = (domain: Domain): void => {
  if (!isActive(domain)) throw failure("operation-invalid", "domain", "domain is not running");
};

export const toDomainRef = ({ name, uuid, id }: Domain): DomainRef => ({ name, uuid, id });
