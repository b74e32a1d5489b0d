import type { SnapshotRef } from "@quiesce/node-libvirt/protocol";
import { findDomain, toDomainRef } from "../domain/find-domain.ts";
import type { Domain } from "../domain/domain.ts";
import { errorCodes, errorDomains, type ErrorDomain } from "../failure/error-codes.ts";
import { failure, Failure } from "../failure/failure.ts";
import { checkFlags } from "../failure/flags.ts";
import { childrenOfSnapshot, deleteSnapshot, descendantsOf } from "../snapshot/delete-snapshot.ts";
import { describeSnapshot } from "../snapshot/describe-snapshot.ts";
import { redefineSnapshot } from "../snapshot/redefine-snapshot.ts";
import { revertToSnapshot } from "../snapshot/revert-to-snapshot.ts";
import { isExternal, type Snapshot } from "../snapshot/snapshot.ts";
import { readSnapshotRequest } from "../snapshot/snapshot-request.ts";
import { takeSnapshot } from "../snapshot/take-snapshot.ts";
import { printXml } from "../xml/print-xml.ts";
import type { Call, Handlers } from "./call.ts";
import { agentJob, askAgent, asyncJob } from "./jobs.ts";
import { passes } from "./list-filter.ts";
import { readXml } from "./read-xml.ts";

const createFlags = { redefine: 1, noMetadata: 4, halt: 8, diskOnly: 16, quiesce: 64, atomic: 128, live: 256 };
const revertFlags = { running: 1, paused: 2 };
const deleteFlags = { children: 1, metadataOnly: 2, childrenOnly: 4 };

/** Snapshots of a domain. */
export const snapshotCalls: Handlers = {
  domainSnapshotCreateXml: async ({ domain: ref, xml, flags }, call) => {
    const domain = findDomain(call.host, ref);
    if ((flags & createFlags.redefine) !== 0) {
      checkFlags(flags, createFlags.redefine, "qemuSnapshotCreateXML");
      return { snapshot: toSnapshotRef(domain, redefineSnapshot(domain, readXml(xml, "domain_snapshot", "snapshot"))) };
    }
    const supported =
      createFlags.noMetadata |
      createFlags.halt |
      createFlags.diskOnly |
      createFlags.quiesce |
      createFlags.atomic |
      createFlags.live;
    checkFlags(flags, supported, "qemuSnapshotCreateXML");
    const has = (flag: number) => (flags & flag) !== 0;
    if (has(createFlags.quiesce) && !has(createFlags.diskOnly)) throw diskOnlyIsRequired();
    const request = readSnapshotRequest(readXml(xml, "domain_snapshot", "snapshot"));
    const options = {
      diskOnly: has(createFlags.diskOnly),
      halt: has(createFlags.halt),
      forget: has(createFlags.noMetadata),
    };
    const snapshot = await asyncJob(domain, call, () => {
      const take = () => takeSnapshot(call.host, domain, request, options);
      return has(createFlags.quiesce) ? quiesced(domain, call, take) : take();
    });
    return { snapshot: toSnapshotRef(domain, snapshot) };
  },
  domainSnapshotGetXmlDesc: ({ snapshot }, { host }) => ({
    xml: printXml(describeSnapshot(findSnapshot(findDomain(host, snapshot.domain), snapshot.name))),
  }),
  domainSnapshotLookupByName: ({ domain: ref, name }, { host }) => {
    const domain = findDomain(host, ref);
    return { snapshot: toSnapshotRef(domain, findSnapshot(domain, name)) };
  },
  domainSnapshotCurrent: ({ domain: ref }, { host }) => {
    const domain = findDomain(host, ref);
    const { currentSnapshot: name } = domain;
    if (name === undefined) throw failure("no-snapshot", "qemu", "the domain does not have a current snapshot");
    return { snapshot: toSnapshotRef(domain, findSnapshot(domain, name)) };
  },
  domainSnapshotGetParent: ({ snapshot: ref }, { host }) => {
    const domain = findDomain(host, ref.domain);
    const { name, parent } = findSnapshot(domain, ref.name);
    if (parent === undefined) throw failure("no-snapshot", "qemu", `snapshot '${name}' does not have a parent`);
    return { snapshot: toSnapshotRef(domain, findSnapshot(domain, parent)) };
  },
  domainListAllSnapshots: ({ domain: ref, needResults, flags }, { host }) => {
    const domain = findDomain(host, ref);
    const rootsOnly = (flags & 1) !== 0;
    const all = [...domain.snapshots.values()].filter(({ parent }) => !rootsOnly || parent === undefined);
    return listed(domain, all, needResults, flags);
  },
  domainSnapshotListAllChildren: ({ snapshot: ref, needResults, flags }, { host }) => {
    const domain = findDomain(host, ref.domain);
    const { name } = findSnapshot(domain, ref.name);
    const all = (flags & 1) === 0 ? childrenOfSnapshot(domain, name) : descendantsOf(domain, name);
    return listed(domain, all, needResults, flags);
  },
  domainRevertToSnapshot: ({ snapshot: ref, flags }, call) => {
    checkFlags(flags, 0b1111, "qemuDomainRevertToSnapshot");
    const running = (flags & revertFlags.running) !== 0;
    const paused = (flags & revertFlags.paused) !== 0;
    if (running && paused) throw exclusive();
    const domain = findDomain(call.host, ref.domain);
    return asyncJob(domain, call, () =>
      revertToSnapshot(
        call.host,
        domain,
        findSnapshot(domain, ref.name),
        running ? "running" : paused ? "paused" : "as-taken",
      ),
    );
  },
  domainSnapshotDelete: ({ snapshot: ref, flags }, call) => {
    checkFlags(flags, 0b111, "qemuDomainSnapshotDelete");
    const domain = findDomain(call.host, ref.domain);
    return asyncJob(domain, call, async () => {
      const snapshot = findSnapshot(domain, ref.name);
      const below = (flags & (deleteFlags.children | deleteFlags.childrenOnly)) !== 0;
      const doomed = [
        ...(below ? descendantsOf(domain, snapshot.name).toReversed() : []),
        ...((flags & deleteFlags.childrenOnly) === 0 ? [snapshot] : []),
      ];
      for (const one of doomed) await deleteSnapshot(call.host, domain, one, (flags & deleteFlags.metadataOnly) !== 0);
    });
  },
};

const findSnapshot = (domain: Domain, name: string): Snapshot => {
  const snapshot = domain.snapshots.get(name);
  if (snapshot !== undefined) return snapshot;
  throw failure("no-snapshot", "qemu", `no domain snapshot with matching name '${name}'`);
};

const toSnapshotRef = (domain: Domain, { name }: Snapshot): SnapshotRef => ({ name, domain: toDomainRef(domain) });

const listed = (domain: Domain, all: readonly Snapshot[], needResults: number, flags: number) => {
  const found = all.filter((snapshot) => passes(flags, groupsOf(domain, snapshot)));
  return {
    snapshots: needResults > 0 ? found.map((snapshot) => toSnapshotRef(domain, snapshot)) : [],
    count: found.length,
  };
};

const groupsOf = (domain: Domain, snapshot: Snapshot) => {
  const isLeaf = childrenOfSnapshot(domain, snapshot.name).length === 0;
  const { state } = snapshot;
  const external = isExternal(snapshot);
  return [
    [
      [2, true],
      [16, false],
    ],
    [
      [4, isLeaf],
      [8, !isLeaf],
    ],
    [
      [32, state === "shutoff"],
      [64, state === "running" || state === "paused"],
      [128, state === "disk-snapshot"],
    ],
    [
      [256, !external],
      [512, external],
    ],
  ] as const;
};

/** Freezes for the time of `work`, inside the daemon. */
const quiesced = async <T>(domain: Domain, call: Call, work: () => Promise<T>): Promise<T> => {
  const ask = (command: string) => agentJob(domain, call, () => askAgent(domain, domain.agentTimeout, command));
  await ask("guest-fsfreeze-freeze");
  try {
    return await work();
  } finally {
    await ask("guest-fsfreeze-thaw");
  }
};

const invalidFlags = (domain: ErrorDomain, text: string): Failure =>
  new Failure(errorCodes["invalid-argument"].code, errorDomains[domain], text);

const diskOnlyIsRequired = (): Failure => {
  const [missing, given] = ["VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY", "VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE"];
  return invalidFlags("qemu", `Flag '${missing}' is required by flag '${given}'`);
};

const exclusive = (): Failure => {
  const [one, other] = ["VIR_DOMAIN_SNAPSHOT_REVERT_RUNNING", "VIR_DOMAIN_SNAPSHOT_REVERT_PAUSED"];
  return invalidFlags("snapshot", `Flags '${one}' and '${other}' are mutually exclusive`);
};
