import { join } from "node:path";
import { connectNbd, unixSocket, type Range } from "@quiesce/node-libvirt/nbd";
import { simulatedHost } from "./simulated-host.ts";

export const clusterBytes = 65_536;
const diskBytes = 4 * clusterBytes;

/** The checkpoint of the scene's disks. */
export const checkpointXml = (name: string): string =>
  `<domaincheckpoint><name>${name}</name><disks><disk name='vda'/><disk name='vdb'/></disks></domaincheckpoint>`;

/** A running domain `db` with two disks of four clusters (`vda` begins with "A", `vdb` is empty), and a client. */
export const backupScene = async () => {
  const host = await simulatedHost();
  const { hypervisor } = host;
  await hypervisor.addDomain({ name: "db", disks: [{ bytes: diskBytes, content: "A" }, { bytes: diskBytes }] });
  const libvirt = await host.connect();
  const domain = await libvirt.domains.byName("db");
  const socket = join(hypervisor.dir, "nbd");
  const scratch = (disk: string) => join(hypervisor.dir, `${disk}.scratch`);
  const disk = (target: string) => `<disk name='${target}' type='file'><scratch file='${scratch(target)}'/></disk>`;
  const pullXml = (since?: string) => `<domainbackup mode='pull'>
    ${since === undefined ? "" : `<incremental>${since}</incremental>`}<server transport='unix' socket='${socket}'/>
    <disks>${disk("vda")}${disk("vdb")}</disks></domainbackup>`;

  /** What a client reads of an export. */
  const readExport = async (target: string, contexts?: readonly string[]) => {
    await using source = await connectNbd({
      socket: unixSocket(socket),
      export: target,
      ...(contexts && { contexts }),
    });
    const { signal } = new AbortController();
    const bytes = Buffer.alloc(source.bytes);
    await source.read(0, bytes, signal);
    const ranges: Range[] = [];
    for await (const range of source.ranges(signal)) ranges.push(range);
    return { bytes, ranges };
  };
  const ended = async (): Promise<void> => {
    while ((await libvirt.domains.jobStats(domain)).type !== "none") await new Promise((next) => setTimeout(next, 2));
  };
  return {
    ...host,
    libvirt,
    domain,
    socket,
    scratch,
    pullXml,
    readExport,
    guest: hypervisor.guest("db"),
    truth: () => hypervisor.truth.domain("db"),
    /** Begins a pull backup; ends with what its caller awaits of `abort`. */
    pull: (since?: string, checkpoint?: string) =>
      libvirt.backups.begin(domain, {
        xml: pullXml(since),
        ...(checkpoint && { checkpointXml: checkpointXml(checkpoint) }),
      }),
    abort: async () => {
      await libvirt.domains.abortJob(domain);
      await ended();
    },
    ended,
  };
};
