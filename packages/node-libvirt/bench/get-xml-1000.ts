import { spawnSync } from "node:child_process";
import { connect, type DomainRef, type Libvirt } from "../src/index.ts";
import { labMissing, libvirtLab, type LibvirtLab } from "../../../labs/libvirt/lab.ts";

// Reads the definition of one domain 1000 times from a real daemon, one after the other and all at once, and prints one line
// of the benchmark report. The peer is libvirt's own command line, one process that gets 1000 commands.

const calls = 1000;
const rounds = 5;
const line = { name: "get-xml-1000", peerName: "virsh", unit: "ms" };

const xml = (name: string): string => `<domain type='qemu'><name>${name}</name><memory unit='MiB'>192</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os><devices>${["vda", "vdb", "vdc", "vdd"]
    .map(
      (target) => `<disk type='file'><source file='/${name}/${target}'/><target dev='${target}' bus='virtio'/></disk>`,
    )
    .join("")}</devices></domain>`;

const timeOf = async (step: () => Promise<unknown> | void): Promise<number> => {
  const started = performance.now();
  await step();
  return performance.now() - started;
};

/** The best time of each step. The steps take turns, so that a busy machine is no advantage for one of them. */
const bestOf = async (steps: readonly (() => Promise<unknown> | void)[]): Promise<number[]> => {
  const best = steps.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round++) {
    for (const [index, step] of steps.entries()) best[index] = Math.min(best[index] ?? 0, await timeOf(step));
  }
  return best.map(Math.round);
};

const oneByOne = async (libvirt: Libvirt, domain: DomainRef): Promise<void> => {
  for (let call = 0; call < calls; call++) await libvirt.domains.xml(domain);
};

const allAtOnce = (libvirt: Libvirt, domain: DomainRef): Promise<unknown> =>
  Promise.all(Array.from({ length: calls }, () => libvirt.domains.xml(domain)));

const virsh = ({ uri }: LibvirtLab, { name }: DomainRef): void => {
  const input = `dumpxml ${name}\n`.repeat(calls);
  const { status, stdout } = spawnSync(line.peerName, ["-c", uri, "-q"], {
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const found = stdout.split("</domain>").length - 1;
  if (status !== 0 || found !== calls) throw new Error(`virsh gave ${found} of ${calls} definitions`);
};

const measure = async (lab: LibvirtLab) => {
  const libvirt = await connect(lab.uri);
  const single = await connect(lab.uri, { maxConnections: 1 });
  const domain = await libvirt.domains.define(xml(`bench-${process.pid}`));
  try {
    const bytes = Buffer.byteLength(await libvirt.domains.xml(domain));
    const [ours = 0, piped, spread, peer = 0] = await bestOf([
      () => oneByOne(libvirt, domain),
      () => allAtOnce(single, domain),
      () => allAtOnce(libvirt, domain),
      () => virsh(lab, domain),
    ]);
    const note = `${bytes} bytes each; all at once ${piped} ms on one connection, ${spread} ms on four`;
    return { ...line, ours, peer, ratio: peer / ours, holds: ours <= peer, note };
  } finally {
    await libvirt.domains.undefine(domain);
    await Promise.all([libvirt.close(), single.close()]);
  }
};

const lab = libvirtLab();
const result =
  lab === undefined
    ? { ...line, ours: null, peer: null, ratio: null, holds: false, note: labMissing }
    : await measure(lab);
process.stdout.write(`${JSON.stringify(result)}\n`);
