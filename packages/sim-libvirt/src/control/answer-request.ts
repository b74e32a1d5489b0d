import { readDisk } from "../disk/disk-image.ts";
import type { SimulatedHost, Simulator } from "../simulator.ts";
import type { ControlRequest } from "./requests.ts";

/** What a control socket may do besides asking hosts. */
export interface ControlContext {
  readonly simulator: Simulator;
  /** Ends the simulator once the answer is out. */
  readonly stop: () => void;
}

type By<Op extends ControlRequest["op"]> = Extract<ControlRequest, { readonly op: Op }>;
type Answers = {
  readonly [Op in ControlRequest["op"]]: (request: By<Op>, host: SimulatedHost, context: ControlContext) => unknown;
};

/** Performs one request. @throws {Error} whose message says what was wrong */
export const answerRequest = async (request: ControlRequest, context: ControlContext): Promise<unknown> => {
  const { simulator } = context;
  const host = request.host === undefined ? simulator.hosts[0] : simulator.host(request.host);
  if (host === undefined) throw new Error("The simulator has no host.");
  const answer = answers[request.op] as (request: ControlRequest, ...rest: unknown[]) => unknown;
  return (await answer(request, host, context)) ?? null;
};

const answers: Answers = {
  hosts: (_request, _host, { simulator }) => simulator.hosts.map(({ name, socket, uri }) => ({ name, socket, uri })),
  domains: (_request, { hypervisor }) => hypervisor.truth.domains(),
  domain: ({ domain }, { hypervisor }) => hypervisor.truth.domain(domain),
  networks: (_request, { hypervisor }) => hypervisor.truth.networks(),
  frozen: (_request, { hypervisor }) => hypervisor.truth.frozen(),
  hashes: ({ domain }, { hypervisor }) => hypervisor.truth.hashes(domain),
  "snapshot-hashes": ({ domain, snapshot }, { hypervisor }) => hypervisor.truth.snapshotHashes(domain, snapshot),
  calls: ({ filter }, { hypervisor }) => hypervisor.truth.calls(filter),
  mutations: (_request, { hypervisor }) => hypervisor.truth.mutations(),
  "add-domain": ({ spec }, { hypervisor }) => hypervisor.addDomain(spec),
  "add-fault": ({ fault }, { hypervisor }) => hypervisor.faults.add(fault),
  "remove-fault": ({ fault }, { hypervisor }) => hypervisor.faults.remove(fault),
  "clear-faults": (_request, { hypervisor }) => hypervisor.faults.clear(),
  faults: (_request, { hypervisor }) => hypervisor.faults.list(),
  "set-guest": ({ domain, set }, { hypervisor }) => hypervisor.guest(domain).set(set),
  "guest-write": ({ domain, target, offset, text, base64 }, { hypervisor }) => {
    const bytes = base64 === undefined ? Buffer.from(text ?? "") : Buffer.from(base64, "base64");
    return hypervisor.guest(domain).write(target, offset, bytes);
  },
  "guest-read": ({ domain, target, offset, length }, { hypervisor }) => {
    const bytes = readDisk(hypervisor.guest(domain).pathOf(target), offset, length);
    return { base64: bytes.toString("base64") };
  },
  "guest-remember": ({ domain, key, value }, { hypervisor }) => hypervisor.guest(domain).remember(key, value),
  "begin-backup": async ({ domain, bytes }, { hypervisor }) => {
    await hypervisor.beginBackup(domain, bytes);
  },
  crash: ({ domain }, { hypervisor }) => hypervisor.crash(domain),
  volumes: (_request, { hypervisor }) => hypervisor.truth.volumes(),
  removed: (_request, { hypervisor }) => hypervisor.truth.removed(),
  configure: ({ set }, { hypervisor }) => hypervisor.configure(set),
  restart: ({ downMs }, host) => host.restart(downMs),
  stop: (_request, _host, { stop }) => stop(),
};
