import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { LibvirtLab } from "../../../labs/libvirt/lab.ts";
import { freePort, listening } from "./tls-daemon.ts";

const run = promisify(execFile);

/** A real sshd on this machine, with keys that live as long as the test. */
export interface SshServer extends AsyncDisposable {
  readonly port: number;
  readonly user: string;
  /** The private key that it lets in. */
  readonly keyfile: string;
  /** A file with the key that it shows. */
  readonly knownHosts: string;
  /** Another private key, which it does not know. */
  readonly strangeKey: string;
}

/**
 * `path` is what a session finds programs by. What is run over there runs as the lab's user, even when root runs the tests and
 * thereby sshd: a key of a test must not open the machine.
 */
export const startSshServer = async (lab: LibvirtLab, folder: string, path = "/usr/bin:/bin"): Promise<SshServer> => {
  await mkdir(folder, { mode: 0o711, recursive: true });
  const file = (name: string) => join(folder, name);
  for (const name of ["host", "client", "strange"]) {
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file(name)]);
  }
  const port = await freePort();
  const { username } = userInfo();
  const asRoot = process.getuid?.() === 0;
  const { uid, gid } = await stat(lab.workDir);
  const drop = asRoot ? `exec /usr/bin/setpriv --reuid=${uid} --regid=${gid} --clear-groups ` : "exec ";
  await writeFile(
    file("config"),
    [
      "ListenAddress 127.0.0.1",
      `Port ${port}`,
      `HostKey "${file("host")}"`,
      `AuthorizedKeysFile "${file("client.pub")}"`,
      `AllowUsers ${username}`,
      "PermitRootLogin prohibit-password",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "UsePAM no",
      "StrictModes no",
      "PidFile none",
      `SetEnv XDG_RUNTIME_DIR=${runtimeFolder(lab)} PATH=${path}`,
      `ForceCommand ${drop}/bin/sh -c "$SSH_ORIGINAL_COMMAND"`,
      "",
    ].join("\n"),
  );
  if (asRoot) await mkdir("/run/sshd", { recursive: true, mode: 0o755 });
  const log: Buffer[] = [];
  const sshd = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", file("config")], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(sshd, "exit");
  sshd.stderr.on("data", (chunk: Buffer) => log.push(chunk));
  await listening(port, () => {
    if (sshd.exitCode !== null) throw new Error(`sshd ended: ${Buffer.concat(log).toString()}`);
  });
  const { stdout } = await run("ssh-keyscan", ["-p", String(port), "127.0.0.1"]);
  await writeFile(file("known_hosts"), stdout);
  return {
    port,
    user: username,
    keyfile: file("client"),
    knownHosts: file("known_hosts"),
    strangeKey: file("strange"),
    [Symbol.asyncDispose]: async () => {
      sshd.kill();
      await ended;
    },
  };
};

/** The folder below which the lab's daemon has its socket. */
const runtimeFolder = ({ socket }: LibvirtLab): string => join(socket, "..", "..");
