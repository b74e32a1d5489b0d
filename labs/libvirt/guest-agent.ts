import { setTimeout as sleep } from "node:timers/promises";

import type { LibvirtLab } from "./libvirt-lab.ts";
import { virsh } from "./virsh.ts";

/** Sends one command to a guest's agent by `virsh qemu-agent-command` and returns what it answered. */
export const callAgent = async <Answer>(
  lab: LibvirtLab,
  guest: string,
  command: string,
  args: Readonly<Record<string, unknown>> = {},
): Promise<Answer> => {
  const request = JSON.stringify({ execute: command, arguments: args });
  const answer: { return: Answer } = JSON.parse(
    await virsh(lab, "qemu-agent-command", guest, request, "--timeout", "10"),
  );
  return answer.return;
};

interface ExecStatus {
  readonly exited: boolean;
  readonly exitcode?: number;
  readonly "out-data"?: string;
  readonly "err-data"?: string;
}

/**
 * Runs a shell script in the guest and returns its standard output, trimmed.
 * @throws when the script fails, with its standard error, or has not ended in time (60 s).
 */
export const execInGuest = async (lab: LibvirtLab, guest: string, script: string): Promise<string> => {
  const { pid } = await callAgent<{ pid: number }>(lab, guest, "guest-exec", {
    path: "/bin/sh",
    arg: ["-c", script],
    "capture-output": true,
  });
  const text = (data = ""): string => Buffer.from(data, "base64").toString().trim();
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) {
    const status = await callAgent<ExecStatus>(lab, guest, "guest-exec-status", { pid });
    if (!status.exited) continue;
    if (status.exitcode === 0) return text(status["out-data"]);
    throw new Error(`${guest}: "${script}" ended with ${status.exitcode ?? "a signal"}: ${text(status["err-data"])}`);
  }
  throw new Error(`${guest}: "${script}" had not ended after 60 s`);
};
