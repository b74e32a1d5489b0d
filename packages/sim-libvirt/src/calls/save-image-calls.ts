import { createDomain } from "../domain/create-domain.ts";
import { isActive, type Domain } from "../domain/domain.ts";
import { startOrForget } from "../domain/start-or-forget.ts";
import { findDomain, mustBeActive } from "../domain/find-domain.ts";
import { failure } from "../failure/failure.ts";
import { checkFlags } from "../failure/flags.ts";
import type { Host } from "../host/host.ts";
import { exchangeDefinition } from "../saving/exchange-definition.ts";
import { readSaveFile, writeSaveFile } from "../saving/save-file.ts";
import { readSaveParams } from "../saving/read-save-params.ts";
import { continueRun, type SavedRun } from "../saving/saved-run.ts";
import { stopAndSave, type GoesOn } from "../saving/stop-and-save.ts";
import { withAttributes } from "../xml/edit.ts";
import { textOf } from "../xml/element.ts";
import { printXml } from "../xml/print-xml.ts";
import type { Call, Handlers } from "./call.ts";
import { asyncJob, monitorJob } from "./jobs.ts";
import { readXml } from "./read-xml.ts";

const saveFlags = { bypassCache: 1, running: 2, paused: 4 };

/** What the flags say of how the guest goes on. */
export const goesOn = (flags: number): GoesOn =>
  (flags & saveFlags.paused) !== 0 ? "paused" : (flags & saveFlags.running) !== 0 ? "running" : "as-it-was";

/** Files with the memory of a domain. */
export const saveImageCalls: Handlers = {
  domainSaveFlags: ({ domain: ref, path, xml, flags }, call) => {
    const domain = findDomain(call.host, ref);
    checkFlags(flags, 0b111, "qemuDomainSaveFlags");
    return save(domain, call, { path, xml, flags });
  },
  domainSaveParams: ({ domain: ref, params, flags }, call) => {
    const domain = findDomain(call.host, ref);
    checkFlags(flags, 0b111, "qemuDomainSaveParams");
    return save(domain, call, { ...readSaveParams(params), flags });
  },
  domainRestoreFlags: ({ path, xml, flags }, call) => {
    checkFlags(flags, 0b1111, "qemuDomainRestoreInternal");
    const run = redefined(readSaveFile(path), xml);
    const wanted = goesOn(flags);
    const domain = domainOf(call.host, run);
    const paused = wanted === "as-it-was" ? run.paused : wanted === "paused";
    return monitorJob(domain, call, () =>
      startOrForget(call.host, domain, () => continueRun(call.host, domain, { ...run, paused })),
    );
  },
  domainSaveImageGetXmlDesc: ({ path }) => ({ xml: describe(readSaveFile(path)) }),
  domainSaveImageDefineXml: ({ path, xml, flags }) => {
    checkFlags(flags, 0b110, "qemuDomainSaveImageDefineXML");
    writeSaveFile(path, redefined(readSaveFile(path), xml));
  },
  domainManagedSaveGetXmlDesc: ({ domain }, { host }) => ({ xml: describe(managedSaveOf(findDomain(host, domain))) }),
  domainManagedSaveDefineXml: ({ domain: ref, xml, flags }, { host }) => {
    const domain = findDomain(host, ref);
    checkFlags(flags, 0b110, "qemuDomainManagedSaveDefineXML");
    domain.managedSave = redefined(managedSaveOf(domain), xml);
  },
};

interface Save {
  readonly path: string;
  readonly xml: string | undefined;
  readonly flags: number;
}

const save = (domain: Domain, call: Call, { path, xml, flags }: Save) =>
  asyncJob(domain, call, () => {
    mustBeActive(domain);
    return stopAndSave(call.host, domain, goesOn(flags), (run) => writeSaveFile(path, redefined(run, xml)));
  });

const describe = ({ live }: SavedRun): string => printXml(withAttributes(live, { id: undefined }));

const redefined = (run: SavedRun, xml: string | undefined): SavedRun =>
  xml === undefined ? run : exchangeDefinition(run, readXml(xml, "domain_definition", "domain"));

const managedSaveOf = ({ managedSave }: Domain): SavedRun => {
  if (managedSave !== undefined) return managedSave;
  throw failure("operation-invalid", "qemu", "domain does not have managed save image");
};

/** The domain that a save is of. One that is defined no more comes back until it stops. @throws {Failure} */
const domainOf = (host: Host, { live }: SavedRun): Domain => {
  const known = host.domains.get(textOf(live, "uuid") ?? "");
  if (known !== undefined) {
    if (isActive(known)) throw failure("operation-invalid", "domain", `domain '${known.name}' is already active`);
    return known;
  }
  const domain = createDomain(host, withAttributes(live, { id: undefined }));
  domain.persistent = false;
  return domain;
};
