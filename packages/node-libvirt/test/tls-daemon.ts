import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { giveToLab } from "../../../labs/libvirt/lab-folder.ts";
import type { LibvirtLab } from "../../../labs/libvirt/lab.ts";
import type { Pki } from "./pki.ts";

/** A real libvirtd that listens with TLS on this machine only, run by the lab's user. */
export interface TlsDaemon extends AsyncDisposable {
  readonly port: number;
}

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
};

/** `server` is the name of a certificate of the PKI. */
export const startTlsDaemon = async (lab: LibvirtLab, folder: string, pki: Pki, server: string): Promise<TlsDaemon> => {
  const port = await freePort();
  await mkdir(join(folder, "run"), { mode: 0o700 });
  for (const file of ["ca.pem", `${server}-cert.pem`, `${server}-key.pem`]) {
    await copyFile(join(pki.folder, file), join(folder, file));
  }
  const config = join(folder, "libvirtd.conf");
  await writeFile(
    config,
    `listen_tls = 1\nlisten_tcp = 0\nlisten_addr = "127.0.0.1"\ntls_port = "${port}"\n` +
      `ca_file = "${folder}/ca.pem"\ncert_file = "${folder}/${server}-cert.pem"\nkey_file = "${folder}/${server}-key.pem"\n`,
  );
  await giveToLab(lab, folder);
  const { uid, gid } = await stat(lab.workDir);
  const home = { HOME: folder, XDG_RUNTIME_DIR: join(folder, "run"), XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder };
  const log: Buffer[] = [];
  const daemon = spawn("/usr/sbin/libvirtd", ["--listen", "-f", config, "-p", join(folder, "run", "pid")], {
    env: { PATH: process.env["PATH"], ...home, LIBVIRT_LOG_OUTPUTS: "3:stderr" },
    ...(process.getuid?.() === 0 ? { uid, gid } : {}),
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(daemon, "exit");
  daemon.stderr.on("data", (chunk: Buffer) => log.push(chunk));
  await listening(port, () => {
    if (daemon.exitCode !== null) throw new Error(`libvirtd ended: ${Buffer.concat(log).toString()}`);
  });
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      daemon.kill();
      await ended;
    },
  };
};

/** Waits until somebody listens, by the kernel's table: to connect would be a client that leaves without a word. */
export const listening = async (port: number, check: () => void): Promise<void> => {
  const entry = new RegExp(`: 0100007F:${port.toString(16).toUpperCase().padStart(4, "0")} \\S+ 0A`, "u");
  for (let tries = 0; tries < 200; tries++) {
    check();
    if (entry.test(await readFile("/proc/net/tcp", "utf8"))) return;
    await sleep(50);
  }
  throw new Error(`nobody listens at port ${port} after 10 s`);
};
