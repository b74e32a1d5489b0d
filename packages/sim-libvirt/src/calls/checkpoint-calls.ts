import type { CheckpointRef } from "@quiesce/node-libvirt/protocol";
import type { Checkpoint } from "../checkpoint/checkpoint.ts";
import { beginCheckpoint, planCheckpoint } from "../checkpoint/create-checkpoint.ts";
import { deleteCheckpoint } from "../checkpoint/delete-checkpoint.ts";
import { describeCheckpoint, type SizeOf } from "../checkpoint/describe-checkpoint.ts";
import { findCheckpoint } from "../checkpoint/find-checkpoint.ts";
import { redefineCheckpoint } from "../checkpoint/redefine-checkpoint.ts";
import { dirtyBytes } from "../disk/dirty-bitmap.ts";
import { isActive, type Domain } from "../domain/domain.ts";
import { findDomain, mustBeActive, toDomainRef } from "../domain/find-domain.ts";
import { failure } from "../failure/failure.ts";
import { checkFlags } from "../failure/flags.ts";
import { withChildren } from "../xml/edit.ts";
import { printXml } from "../xml/print-xml.ts";
import type { Handlers } from "./call.ts";
import { monitorJob } from "./jobs.ts";
import { readXml } from "./read-xml.ts";

const createFlags = { redefine: 1, validate: 4 };
const xmlFlags = { secure: 1, noDomain: 2, size: 4 };
const deleteFlags = { children: 1, metadataOnly: 2, childrenOnly: 4 };

/** Checkpoints: marks for incremental backup, kept in the disks as bitmaps. */
export const checkpointCalls: Handlers = {
  domainCheckpointCreateXml: ({ domain: ref, xml, flags }, call) => {
    const domain = findDomain(call.host, ref);
    checkFlags(flags, 0b111, "qemuCheckpointCreateXML");
    const redefine = (flags & createFlags.redefine) !== 0;
    if (!redefine && !isActive(domain))
      throw failure("operation-unsupported", "qemu", "cannot create checkpoint for inactive domain");
    const asked = readXml(xml, "domain_checkpoint", "snapshot");
    return monitorJob(domain, call, () => {
      if (redefine) {
        const validate = (flags & createFlags.validate) !== 0;
        return { checkpoint: toRef(domain, redefineCheckpoint(domain, asked, validate)) };
      }
      const checkpoint = planCheckpoint(call.host, domain, asked);
      beginCheckpoint(domain, checkpoint);
      return { checkpoint: toRef(domain, checkpoint) };
    });
  },
  domainCheckpointGetXmlDesc: ({ checkpoint: ref, flags }, { host }) => {
    const domain = findDomain(host, ref.domain);
    checkFlags(flags, 0b111, "qemuDomainCheckpointGetXMLDesc");
    const checkpoint = findCheckpoint(domain, ref.name);
    const sizes = (flags & xmlFlags.size) !== 0;
    if (sizes) mustBeActive(domain);
    const described = describeCheckpoint(checkpoint, sizes ? sizeIn(domain) : undefined);
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
    checkFlags(flags, 0b111, "qemuCheckpointDelete");
    const metadataOnly = (flags & deleteFlags.metadataOnly) !== 0;
    if (!isActive(domain) && !metadataOnly) {
      throw failure("operation-unsupported", "qemu", "cannot delete checkpoint for inactive domain");
    }
    return monitorJob(domain, call, () => {
      const checkpoint = findCheckpoint(domain, ref.name);
      const below = (flags & (deleteFlags.children | deleteFlags.childrenOnly)) !== 0;
      const doomed = [
        ...(below ? descendantsOf(domain, checkpoint.name).toReversed() : []),
        ...((flags & deleteFlags.childrenOnly) === 0 ? [checkpoint] : []),
      ];
      for (const one of doomed) deleteCheckpoint(domain, one, metadataOnly);
    });
  },
};

const descendantsOf = (domain: Domain, name: string): readonly Checkpoint[] =>
  [...domain.checkpoints.values()]
    .filter(({ parent }) => parent === name)
    .flatMap((child) => [child, ...descendantsOf(domain, child.name)]);

const sizeIn =
  (domain: Domain): SizeOf =>
  ({ name, bitmap = "" }) => {
    const recorded = domain.drives.get(name)?.bitmaps.good.get(bitmap);
    return recorded === undefined ? undefined : dirtyBytes(recorded);
  };

const toRef = (domain: Domain, { name }: Checkpoint): CheckpointRef => ({ name, domain: toDomainRef(domain) });
