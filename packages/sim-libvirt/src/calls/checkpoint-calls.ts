import type { CheckpointRef } from "@quiesce/node-libvirt/protocol";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { describeCheckpoint } from "../checkpoint/describe-checkpoint.ts";
import { writableDisksOf } from "../domain/domain-disks.ts";
import { isActive, type Domain } from "../domain/domain.ts";
import { findDomain, toDomainRef } from "../domain/find-domain.ts";
import { failure } from "../failure/failure.ts";
import { checkFlags } from "../failure/flags.ts";
import type { Host } from "../host/host.ts";
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from "../xml/element.ts";
import { withChildren } from "../xml/edit.ts";
import { printXml } from "../xml/print-xml.ts";
import type { Handlers } from "./call.ts";
import { monitorJob } from "./jobs.ts";
import { readXml } from "./read-xml.ts";

const xmlFlags = { noDomain: 2 };
const deleteFlags = { metadataOnly: 2 };

/** Checkpoints: marks that stand in the way of a revert. What was written since is not tracked. */
export const checkpointCalls: Handlers = {
  domainCheckpointCreateXml: ({ domain: ref, xml, flags }, call) => {
    const domain = findDomain(call.host, ref);
    checkFlags(flags, 0, "qemuCheckpointCreateXML");
    if (!isActive(domain))
      throw failure("operation-unsupported", "qemu", "cannot create checkpoint for inactive domain");
    return monitorJob(domain, call, () => {
      const checkpoint = create(call.host, domain, readXml(xml, "domain_checkpoint", "snapshot"));
      domain.checkpoints.set(checkpoint.name, checkpoint);
      return { checkpoint: toRef(domain, checkpoint) };
    });
  },
  domainCheckpointGetXmlDesc: ({ checkpoint: ref, flags }, { host }) => {
    const domain = findDomain(host, ref.domain);
    const described = describeCheckpoint(findCheckpoint(domain, ref.name));
    if ((flags & xmlFlags.noDomain) !== 0) return { xml: printXml(described) };
    return { xml: printXml(withChildren(described, [...described.children, domain.live ?? domain.config])) };
  },
  domainListAllCheckpoints: ({ domain: ref, needResults }, { host }) => {
    const domain = findDomain(host, ref);
    const all = [...domain.checkpoints.values()].map((checkpoint) => toRef(domain, checkpoint));
    return { checkpoints: needResults > 0 ? all : [], count: all.length };
  },
  domainCheckpointLookupByName: ({ domain: ref, name }, { host }) => {
    const domain = findDomain(host, ref);
    return { checkpoint: toRef(domain, findCheckpoint(domain, name)) };
  },
  domainCheckpointDelete: ({ checkpoint: ref, flags }, call) => {
    const domain = findDomain(call.host, ref.domain);
    const { name, parent } = findCheckpoint(domain, ref.name);
    if (!isActive(domain) && (flags & deleteFlags.metadataOnly) === 0) {
      throw failure("operation-unsupported", "qemu", "cannot delete checkpoint for inactive domain");
    }
    return monitorJob(domain, call, () => {
      domain.checkpoints.delete(name);
      for (const child of domain.checkpoints.values()) {
        if (child.parent === name) domain.checkpoints.set(child.name, { ...child, parent });
      }
    });
  },
};

const create = (host: Host, domain: Domain, xml: XmlElement): Checkpoint => {
  const createdAt = Math.floor(host.clock.now() / 1000);
  const name = textOf(xml, "name") ?? String(createdAt);
  if (domain.checkpoints.has(name)) throw failure("operation-failed", "domain", `domain moment ${name} already exists`);
  const asked = childrenOf(childOf(xml, "disks"), "disk");
  const disks = writableDisksOf(domain.live ?? domain.config).map(({ target, format }) => {
    const request = asked.find((disk) => attributeOf(disk, "name") === target);
    const included = attributeOf(request, "checkpoint") !== "no" && (asked.length === 0 || request !== undefined);
    if (included && format !== "qcow2") {
      throw failure(
        "config-unsupported",
        "qemu",
        `checkpoint for disk ${target} unsupported for storage type ${format}`,
      );
    }
    return { name: target, included };
  });
  return {
    name,
    description: textOf(xml, "description"),
    parent: [...domain.checkpoints.keys()].at(-1),
    createdAt,
    disks,
  };
};

const findCheckpoint = (domain: Domain, name: string): Checkpoint => {
  const checkpoint = domain.checkpoints.get(name);
  if (checkpoint !== undefined) return checkpoint;
  throw failure("no-checkpoint", "qemu", `no domain checkpoint with matching name '${name}'`);
};

const toRef = (domain: Domain, { name }: Checkpoint): CheckpointRef => ({ name, domain: toDomainRef(domain) });
