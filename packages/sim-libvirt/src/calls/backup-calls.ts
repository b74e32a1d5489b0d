import { readBackupRequest } from "../backup/backup-request.ts";
import { beginBackup } from "../backup/begin-backup.ts";
import { planBackup } from "../backup/plan-backup.ts";
import { planCheckpoint } from "../checkpoint/create-checkpoint.ts";
import { startJob } from "../domain/background-job.ts";
import { isActive } from "../domain/domain.ts";
import { findDomain } from "../domain/find-domain.ts";
import { failure } from "../failure/failure.ts";
import { checkFlags } from "../failure/flags.ts";
import { printXml } from "../xml/print-xml.ts";
import type { Handlers } from "./call.ts";
import { lastingJob } from "./jobs.ts";
import { readXml } from "./read-xml.ts";

const reuseExternal = 1;

/** Backups of a running domain. */
export const backupCalls: Handlers = {
  domainBackupBegin: async ({ domain: ref, backupXml, checkpointXml, flags }, call) => {
    const { host } = call;
    const domain = findDomain(host, ref);
    checkFlags(flags, reuseExternal, "qemuDomainBackupBegin");
    const reuse = (flags & reuseExternal) !== 0;
    const request = readBackupRequest(readXml(backupXml, "domain_backup", "domain"));
    const wanted = checkpointXml === undefined ? undefined : readXml(checkpointXml, "domain_checkpoint", "checkpoint");
    await lastingJob(domain, call, async () => {
      if (!isActive(domain)) {
        throw failure("operation-unsupported", "qemu", "cannot perform disk backup for inactive domain");
      }
      const checkpoint = wanted === undefined ? undefined : planCheckpoint(host, domain, wanted);
      const suffix = checkpoint?.name ?? String(Math.floor(host.clock.now() / 1000));
      const plan = planBackup(domain, request, suffix, reuse);
      return startJob(host, domain, (finish) => beginBackup(host, domain, { plan, checkpoint, reuse, finish }));
    });
  },
  domainBackupGetXmlDesc: ({ domain: ref, flags }, { host }) => {
    const domain = findDomain(host, ref);
    checkFlags(flags, 0, "qemuDomainBackupGetXMLDesc");
    if (domain.job === undefined) throw failure("no-backup", "qemu", "no domain backup job present");
    return { xml: printXml(domain.job.work.description) };
  },
};
