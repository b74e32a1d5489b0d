import { afterAll, describe, test } from "vitest";
import { clientScenarios } from "./client-scenarios.ts";
import { beginBackupByVirsh, labGuest, labPoolFolder, removeLabGuest } from "./lab-guest.ts";
import { findLab, labMissing } from "./lab.ts";

const lab = findLab();
const name = `client-${process.pid}`;

if (lab === undefined) {
  test.skip(labMissing, () => {});
} else {
  describe("against a real libvirt daemon", () => {
    afterAll(() => removeLabGuest(lab, name));

    clientScenarios({
      uri: lab.uri,
      testDriverUri: lab.uri.replace(/^qemu\+unix:\/\/\/\w+/u, "test+unix:///default"),
      name,
      guestXml: () => labGuest(lab, name),
      poolFolder: labPoolFolder(lab, name),
      hangAgent: async (libvirt, domain, seconds) => {
        const script = `p=$(pidof qemu-ga); kill -STOP $p; sleep ${seconds}; kill -CONT $p`;
        const command = { execute: "guest-exec", arguments: { path: "/bin/sh", arg: ["-c", `sleep 0.2; ${script}`] } };
        await libvirt.agent.command(domain, command);
        await new Promise((resolve) => setTimeout(resolve, 500));
      },
      beginBackup: () => beginBackupByVirsh(lab, name),
      unproved: { AUTH_POLKIT: "the lab's daemon has no polkit" },
    });
  });
}
