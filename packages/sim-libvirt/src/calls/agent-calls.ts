import { findDomain, mustBeActive } from "../domain/find-domain.ts";
import type { Domain } from "../domain/domain.ts";
import { fallAsleep } from "../domain/power.ts";
import { failure } from "../failure/failure.ts";
import { checkFlags } from "../failure/flags.ts";
import { sleep } from "../host/clock.ts";
import type { AgentArguments } from "../guest/agent-commands.ts";
import type { Handlers } from "./call.ts";
import { agentJob, askAgent } from "./jobs.ts";

/** Calls that the guest's agent answers. */
export const agentCalls: Handlers = {
  domainAgentSetResponseTimeout: ({ domain: ref, timeout }, { host }) => {
    const domain = findDomain(host, ref);
    domain.agentTimeout = checkedTimeout(timeout);
    return { result: 0 };
  },
  domainFsFreeze: ({ domain: ref, mountpoints, flags }, call) => {
    const domain = findDomain(call.host, ref);
    checkFlags(flags, 0, "qemuDomainFSFreeze");
    return agentJob(domain, call, async () => {
      await sleep(call.host.clock, call.host.settings.delays.freezeMs);
      const [command, args] =
        mountpoints.length > 0
          ? (["guest-fsfreeze-freeze-list", { mountpoints }] as const)
          : (["guest-fsfreeze-freeze", {}] as const);
      return { filesystems: Number(await askAgent(domain, domain.agentTimeout, command, args)) };
    });
  },
  domainFsThaw: ({ domain: ref, flags }, call) => {
    const domain = findDomain(call.host, ref);
    checkFlags(flags, 0, "qemuDomainFSThaw");
    return agentJob(domain, call, async () => {
      await sleep(call.host.clock, call.host.settings.delays.thawMs);
      return { filesystems: Number(await askAgent(domain, domain.agentTimeout, "guest-fsfreeze-thaw")) };
    });
  },
  domainGetFsInfo: ({ domain: ref, flags }, call) => {
    const domain = findDomain(call.host, ref);
    checkFlags(flags, 0, "qemuDomainGetFSInfo");
    return agentJob(domain, call, async () => {
      await askAgent(domain, domain.agentTimeout, "guest-get-fsinfo");
      const filesystems = domain.guest
        .mounts()
        .map(({ mountpoint, disk, type }) => ({ mountpoint, name: disk, type, devices: [disk] }));
      return { filesystems, count: filesystems.length };
    });
  },
  domainGetTime: ({ domain: ref }, call) => {
    const domain = findDomain(call.host, ref);
    return agentJob(domain, call, async () => {
      const nanoseconds = BigInt(Math.round(Number(await askAgent(domain, domain.agentTimeout, "guest-get-time"))));
      return { seconds: nanoseconds / 1_000_000_000n, nanoseconds: Number(nanoseconds % 1_000_000_000n) };
    });
  },
  domainSetTime: ({ domain: ref, seconds, nanoseconds, flags }, call) => {
    const domain = findDomain(call.host, ref);
    const fromHardwareClock = (flags & 1) !== 0;
    const time = Number(seconds) * 1_000_000_000 + nanoseconds;
    return agentJob(domain, call, async () => {
      await askAgent(domain, domain.agentTimeout, "guest-set-time", fromHardwareClock ? {} : { time });
    });
  },
  domainGetGuestInfo: ({ domain: ref, types }, call) => {
    const domain = findDomain(call.host, ref);
    return agentJob(domain, call, async () => {
      await askAgent(domain, domain.agentTimeout, "guest-info");
      // While frozen the agent answers no question, and the daemon leaves out what it could not learn.
      return { params: domain.guest.filesystems.frozen.length > 0 ? [] : guestInfo(domain, types) };
    });
  },
  qemuDomainAgentCommand: ({ domain: ref, command, timeout, flags }, call) => {
    const domain = findDomain(call.host, ref);
    checkFlags(flags, 0, "qemuDomainQemuAgentCommand");
    const seconds = checkedTimeout(timeout);
    mustBeActive(domain);
    return agentJob(domain, call, async () => {
      const { execute, arguments: args } = parseCommand(command);
      const result = await askAgent(domain, seconds, execute, args);
      if (execute === "guest-suspend-ram") fallAsleep(call.host, domain);
      return { result: JSON.stringify({ return: result }) };
    });
  },
};

const checkedTimeout = (timeout: number): number => {
  if (timeout >= -2) return timeout;
  throw failure("invalid-argument", "qemu", `guest agent timeout '${timeout}' is less than the minimum '-2'`);
};

const parseCommand = (text: string): { readonly execute: string; readonly arguments?: AgentArguments } => {
  try {
    return JSON.parse(text) as { readonly execute: string };
  } catch {
    throw failure("internal-error", "none", `cannot parse json ${text}: lexical error: invalid string in json text.`);
  }
};

const infoTypes = { os: 2, hostname: 8, filesystems: 16 };

const guestInfo = (domain: Domain, types: number) => {
  const wanted = (type: number) => types === 0 || (types & type) !== 0;
  const text = (field: string, value: string) => ({ field, value: { type: "string" as const, value } });
  const mounts = domain.guest.mounts();
  return [
    ...(wanted(infoTypes.os) ? [text("os.id", "debian"), text("os.kernel-release", "6.1.0-sim")] : []),
    ...(wanted(infoTypes.hostname) ? [text("hostname", "sim")] : []),
    ...(wanted(infoTypes.filesystems)
      ? [
          { field: "fs.count", value: { type: "uint" as const, value: mounts.length } },
          ...mounts.flatMap(({ mountpoint, type }, index) => [
            text(`fs.${index}.mountpoint`, mountpoint),
            text(`fs.${index}.fstype`, type),
          ]),
        ]
      : []),
  ];
};
