import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe } from "vitest";
import { clientScenarios } from "./client-scenarios.ts";
import { beginBackupByVirsh, labGuest, labPoolFolder, removeLabGuest } from "./lab-guest.ts";
import { labMissing, libvirtLab } from "../../../labs/libvirt/lab.ts";

const found = libvirtLab();
if (found === undefined) console.warn(labMissing);
const lab = found ?? { uri: "", socket: "", guestDir: "", workDir: "", pid: 0 };
const name = `client-${process.pid}`;

describe.skipIf(found === undefined)("against a real libvirt daemon", () => {
  afterAll(() => removeLabGuest(lab, name));

  clientScenarios({
    uri: lab.uri,
    name,
    guestXml: () => labGuest(lab, name),
    poolFolder: labPoolFolder(lab, name),
    hangAgent: async (libvirt, domain, seconds) => {
      const script = `sleep 0.2; agent=$(pidof qemu-ga); kill -STOP $agent; sleep ${seconds}; kill -CONT $agent`;
      await libvirt.agent.command(domain, {
        execute: "guest-exec",
        arguments: { path: "/bin/sh", arg: ["-c", script] },
      });
      await sleep(500);
    },
    beginBackup: (mode) => beginBackupByVirsh(lab, name, mode),
    unproved: { AUTH_POLKIT: "the lab's daemon has no polkit" },
  });
});
