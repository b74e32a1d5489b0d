import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const programs = { nbd: "qemu-nbd", img: "qemu-img", io: "qemu-io" };

/** Whether the real server is there. @throws where the libvirt lab is demanded: its packages have it. */
export const hasQemuNbd = (): boolean => {
  const isThere = spawnSync(programs.nbd, ["--version"]).status === 0;
  if (!isThere && (process.env["QUIESCE_REQUIRE_LABS"] ?? "").split(",").includes("libvirt"))
    throw new Error("qemu-nbd is missing: install the package qemu-utils");
  return isThere;
};

export interface QemuNbd {
  readonly path: string;
  readonly process: ChildProcess;
  readonly stop: () => Promise<void>;
}

/** Serves an image read-only as the export `vda` on a unix socket. */
export const serveImage = async (
  image: string,
  format: "qcow2" | "raw",
  more: readonly string[] = [],
): Promise<QemuNbd> => {
  const path = `${image}.sock`;
  // Written when it listens.
  const pidFile = `${image}.pid`;
  const args = [
    "--read-only",
    "--persistent",
    "--shared=4",
    "--export-name=vda",
    `--socket=${path}`,
    `--pid-file=${pidFile}`,
    `--format=${format}`,
  ];
  const server = spawn(programs.nbd, [...args, ...more, image], { stdio: ["ignore", "ignore", "inherit"] });
  const ended = once(server, "exit");
  const stop = async () => {
    server.kill("SIGCONT");
    server.kill("SIGKILL");
    await ended;
    await Promise.all([path, pidFile].map((file) => rm(file, { force: true })));
  };
  for (let tries = 0; !existsSync(pidFile); tries++) {
    if (server.exitCode !== null || tries === 200) {
      await stop();
      throw new Error(`qemu-nbd does not serve ${image}`);
    }
    await sleep(20);
  }
  return { path, process: server, stop };
};

export const qemuImg = (...args: readonly string[]): string => execFileSync(programs.img, args, { encoding: "utf8" });

/** Commands of qemu-io, for example `write -P 1 0 64k`. */
export const qemuIo = (image: string, commands: readonly string[]): void => {
  execFileSync(programs.io, ["-f", "qcow2", ...commands.flatMap((command) => ["-c", command]), image]);
};
