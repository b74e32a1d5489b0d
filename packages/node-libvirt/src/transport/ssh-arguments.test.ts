import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { libvirtCommand, socketCommand } from "./remote-script.ts";
import { remoteSockets } from "./remote-sockets.ts";
import { shellQuote } from "./shell-quote.ts";
import { sshArguments } from "./ssh-arguments.ts";
import { parseUri } from "./uri.ts";

const argumentsOf = (uri: string) => sshArguments(parseUri(uri), "command").join(" ");

describe("ssh is called", () => {
  test("without questions, with the host after all options", () => {
    expect(argumentsOf("qemu+ssh://hv1/system")).toBe(
      "-T -o EscapeChar=none -o BatchMode=yes -o ServerAliveInterval=10 -o ServerAliveCountMax=3 -- hv1 command",
    );
  });

  test.each([
    ["qemu+ssh://qz@hv1:2222/system", "-p 2222 -l qz -- hv1 command"],
    ["qemu+ssh://[fe80::1%25eth0]/system", "-- fe80::1%eth0 command"],
    ["qemu+ssh://hv1/system?keyfile=/k%20/50%25", '-o IdentityFile="/k /50%%" -o IdentitiesOnly=yes -- hv1 command'],
    ["qemu+ssh://hv1/system?known_hosts=/kh", '-o UserKnownHostsFile="/kh" -- hv1 command'],
    ["qemu+ssh://hv1/system?no_verify=1", "-o StrictHostKeyChecking=no -- hv1 command"],
    ["qemu+ssh://hv1/system?no_verify=0", "-o ServerAliveCountMax=3 -- hv1 command"],
  ])("%s", (uri, expected) => {
    expect(argumentsOf(uri).endsWith(` ${expected}`)).toBe(true);
  });
});

describe("a word for the shell over there", () => {
  test.each(["plain", "", "it's", "a b", "$(id)", "`id`", "\\", "!x", "*", "-n", "é\n;"])(
    "%j arrives as it is",
    (word) => {
      const echo = (text: string) => execFileSync("sh", ["-c", text], { encoding: "utf8" });
      expect(echo(`printf %s ${shellQuote(word)}`)).toBe(word);
      expect(echo(`sh -c ${shellQuote(`printf %s ${shellQuote(word)}`)}`)).toBe(word);
    },
  );
});

describe("the command over there", () => {
  const run = (command: string): string => {
    const env = { PATH: "/nonexistent", HOME: "/h", XDG_RUNTIME_DIR: "/run/user 7" };
    try {
      execFileSync("/bin/sh", ["-c", command.replace(/^sh /u, "/bin/sh ")], { env, stdio: "pipe", encoding: "utf8" });
    } catch (error) {
      if (error instanceof Error && "stderr" in error) return String(error.stderr).trim();
    }
    throw new Error("it did not fail");
  };
  const door = (uri: string, proxy: "auto" | "netcat", readOnly = false) =>
    libvirtCommand({ proxy, netcat: "nc", uri, readOnly, sockets: remoteSockets(parseUri(uri), readOnly) });

  test.each([
    ["qemu+ssh://hv1/system", "/var/run/libvirt/virtqemud-sock /var/run/libvirt/libvirt-sock"],
    ["qemu+ssh://hv1/system?mode=legacy", "/var/run/libvirt/libvirt-sock"],
    ["qemu+ssh://hv1/session?mode=direct", "/run/user 7/libvirt/virtqemud-sock"],
    ["qemu+ssh://hv1/system?socket=/a%20'b$(id)", "/a 'b$(id)"],
    ["remote+ssh://hv1/", "/var/run/libvirt/libvirt-sock"],
  ])("%s looks for its sockets and names them", (uri, sockets) => {
    expect(run(door(uri, "netcat"))).toBe(`there is no socket that this user can reach at ${sockets}`);
    expect(run(door(uri, "auto"))).toBe(`there is no socket that this user can reach at ${sockets}`);
  });

  test("reads from the read-only socket, and from any", () => {
    expect(run(door("qemu+ssh://hv1/system?mode=legacy", "netcat", true))).toMatch(/libvirt-sock-ro$/u);
    expect(run(socketCommand("nc", "/it's"))).toMatch(/at \/it's$/u);
    expect(libvirtCommand({ proxy: "native", netcat: "nc", uri: "qemu:///system", readOnly: true, sockets: [] })).toBe(
      `sh -c 'exec virt-ssh-helper -r '\\''qemu:///system'\\'''`,
    );
  });
});
