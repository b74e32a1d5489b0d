import { existsSync, rmSync } from "node:fs";
import type { Domain } from "../domain/domain.ts";
import { isActive } from "../domain/domain.ts";
import { findDomain } from "../domain/find-domain.ts";
import { nvramOf } from "../domain/nvram.ts";
import { emitLifecycle } from "../domain/power.ts";
import { failure, type Failure } from "../failure/failure.ts";
import { checkFlags } from "../failure/flags.ts";
import type { Handlers } from "./call.ts";

const flagsOf = { managedSave: 1, snapshotsMetadata: 2, nvram: 4, keepNvram: 8, checkpointsMetadata: 16 };

/** Forgetting a domain. The disks stay. */
export const undefineCalls: Handlers = {
  domainUndefineFlags: ({ domain: ref, flags }, { host }) => {
    const domain = findDomain(host, ref);
    checkFlags(flags, 0b1_0111 | 0b110_1000, "qemuDomainUndefineFlags");
    const has = (flag: number) => (flags & flag) !== 0;
    if (has(flagsOf.nvram) && has(flagsOf.keepNvram)) throw invalid("cannot both keep and delete nvram");
    if (!domain.persistent) throw invalid("cannot undefine transient domain");
    if (!isActive(domain)) {
      // As in libvirt 9.0: what was allowed to go is gone even when a later rule refuses the rest.
      dropMoments(domain, "snapshots", has(flagsOf.snapshotsMetadata));
      dropMoments(domain, "checkpoints", has(flagsOf.checkpointsMetadata));
    }
    if (domain.managedSave !== undefined && !has(flagsOf.managedSave)) {
      throw invalid("Refusing to undefine while domain managed save image exists");
    }
    const nvram = nvramOf(domain.config);
    if (nvram !== undefined && existsSync(nvram)) {
      if (!has(flagsOf.nvram) && !has(flagsOf.keepNvram)) throw invalid("cannot undefine domain with nvram");
      if (has(flagsOf.nvram)) rmSync(nvram);
    }
    domain.managedSave = undefined;
    domain.persistent = false;
    emitLifecycle(host, domain, "undefined", "removed");
    if (!isActive(domain)) host.domains.delete(domain.uuid);
  },
};

const dropMoments = (domain: Domain, kind: "snapshots" | "checkpoints", allowed: boolean): void => {
  const { size } = domain[kind];
  if (size > 0 && !allowed) throw invalid(`cannot delete inactive domain with ${size} ${kind}`);
  domain[kind].clear();
  if (kind === "snapshots") domain.currentSnapshot = undefined;
};

const invalid = (reason: string): Failure => failure("operation-invalid", "qemu", reason);
