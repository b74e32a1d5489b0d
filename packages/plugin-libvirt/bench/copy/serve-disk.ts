import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeImage, type DiskShape } from "./write-image.ts";

const program = "qemu-nbd";

/** A disk that qemu-nbd serves as the export `vda`. */
export interface ServedDisk {
  readonly socket: string;
  readonly stop: () => Promise<void>;
}

/** Makes a qcow2 image in the folder and serves it read-only on a unix socket. */
export const serveDisk = async (folder: string, shape: DiskShape): Promise<ServedDisk> => {
  const [image, socket, pidFile] = ["disk.qcow2", "nbd.sock", "nbd.pid"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeImage(image, shape);
  // As many clients as nbdcopy likes to be.
  const words = ["--read-only", "--persistent", "--shared=8", "--export-name=vda", "--format=qcow2"];
  const server = spawn(program, [...words, `--socket=${socket}`, `--pid-file=${pidFile}`, image], {
    stdio: "ignore",
  });
  const ended = once(server, "exit");
  const stop = async () => {
    server.kill("SIGKILL");
    await ended;
    await Promise.all([image, socket, pidFile].map((file) => rm(file, { force: true })));
  };
  for (let tries = 0; !existsSync(pidFile); tries++) {
    if (server.exitCode !== null || tries === 250) {
      await stop();
      throw new Error("qemu-nbd does not serve the disk");
    }
    await sleep(20);
  }
  return { socket, stop };
};
