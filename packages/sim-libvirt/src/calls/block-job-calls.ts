import { copyFileSync, statSync } from "node:fs";
import { blockJobTypes, endBlockJob, startBlockJob, type BlockJob } from "../block/block-job.ts";
import { beginCommit } from "../block/commit.ts";
import { disksOf } from "../domain/domain-disks.ts";
import { backingChain, notedFormat, setDiskFormat } from "../disk/disk-image.ts";
import type { Drive } from "../disk/drive.ts";
import type { Domain } from "../domain/domain.ts";
import { findDomain, mustBeActive } from "../domain/find-domain.ts";
import { failure, type Failure } from "../failure/failure.ts";
import { checkFlags } from "../failure/flags.ts";
import { replaceSource } from "../snapshot/overlays.ts";
import type { Handlers } from "./call.ts";
import { monitorJob } from "./jobs.ts";

const commitFlags = { shallow: 1, active: 4, relative: 8, bandwidthBytes: 16 };
const abortFlags = { async: 1, pivot: 2 };

/** Jobs on one disk of a running domain. */
export const blockJobCalls: Handlers = {
  domainBlockCommit: ({ domain: ref, disk, base, top, flags }, call) => {
    const { shallow, active, relative, bandwidthBytes } = commitFlags;
    const domain = findDomain(call.host, ref);
    checkFlags(flags, shallow | active | relative | bandwidthBytes, "qemuDomainBlockCommit");
    return monitorJob(domain, call, () => {
      if (domain.live === undefined) throw noBaseWhileOff(domain, disk);
      const drive = idleDrive(domain, disk);
      const request = { base, top, active: (flags & active) !== 0, shallow: (flags & shallow) !== 0 };
      beginCommit(call.host, domain, drive, request);
    });
  },
  domainBlockPull: ({ domain: ref, disk, flags }, call) => {
    const domain = findDomain(call.host, ref);
    checkFlags(flags, 64, "qemuDomainBlockPull");
    return monitorJob(domain, call, () => {
      const { target, path } = idleDrive(domain, disk);
      // Overlays have all bytes already: what lies below is not needed any more.
      const onCopied = () => setDiskFormat(path, notedFormat(path) ?? "qcow2");
      startBlockJob(call.host, domain, target, { type: "pull", end: statSync(path).size, base: path, onCopied });
    });
  },
  domainGetBlockJobInfo: ({ domain: ref, disk }, { host }) => {
    const domain = findDomain(host, ref);
    mustBeActive(domain);
    const job = domain.blockJobs.get(findDrive(domain, disk).target);
    if (job === undefined) return { found: false, type: 0, bandwidth: 0n, current: 0n, end: 0n };
    const end = BigInt(job.end);
    return { found: true, type: blockJobTypes[job.type], bandwidth: 0n, current: job.ready ? end : 0n, end };
  },
  domainBlockJobAbort: ({ domain: ref, disk, flags }, call) => {
    const domain = findDomain(call.host, ref);
    checkFlags(flags, abortFlags.async | abortFlags.pivot, "qemuDomainBlockJobAbort");
    return monitorJob(domain, call, () => {
      mustBeActive(domain);
      const drive = findDrive(domain, disk);
      const job = domain.blockJobs.get(drive.target);
      if (job === undefined)
        throw failure("invalid-argument", "qemu", `disk ${drive.target} does not have an active block job`);
      const pivots = (flags & abortFlags.pivot) !== 0;
      if (pivots) pivot(domain, drive, job);
      endBlockJob(call.host, domain, drive.target, pivots ? "completed" : "canceled");
    });
  },
};

/** The daemon looks for the base before it looks whether the domain runs. */
const noBaseWhileOff = ({ config }: Domain, disk: string): Failure => {
  const path = disksOf(config).find(({ target }) => target === disk)?.path;
  return path === undefined || backingChain(path).length === 0
    ? failure("invalid-argument", "storage", `could not find base image in chain for '${disk}'`)
    : failure("operation-invalid", "domain", "domain is not running");
};

/** The domain goes over to the file that the bytes were copied to. The other file stays where it is. */
const pivot = (domain: Domain, drive: Drive, job: BlockJob): void => {
  if (job.type !== "active-commit") {
    const text = `job type '${job.type}' does not support pivot`;
    throw failure("operation-invalid", "qemu", text);
  }
  if (!job.ready) {
    const text = `block job 'commit-${drive.target}-libvirt-1-format' not ready for pivot yet`;
    throw failure("block-copy-active", "qemu", text);
  }
  // What was written since it was ready is in both files, as a mirror keeps them.
  copyFileSync(drive.path, job.base);
  replaceSource(domain, drive.path, job.base);
};

const findDrive = (domain: Domain, disk: string): Drive => {
  mustBeActive(domain);
  const drive = [...domain.drives.values()].find(({ target, path }) => target === disk || path === disk);
  if (drive !== undefined) return drive;
  throw failure("invalid-argument", "qemu", `disk '${disk}' not found in domain`);
};

const idleDrive = (domain: Domain, disk: string): Drive => {
  const drive = findDrive(domain, disk);
  if (!domain.blockJobs.has(drive.target)) return drive;
  throw failure("block-copy-active", "qemu", `disk '${drive.target}' already in active block job`);
};
