import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { parseStat } from "./process-stat.ts";
import type { WorkerFacts, WorkerPlace } from "./worker-text.ts";

/** Who this process is. What the machine does not tell is left out. */
export const thisWorker = (): WorkerFacts => {
  const facts = { host: hostname(), pid: process.pid };
  const place = placeOfThis();
  return place === undefined ? facts : { ...facts, place };
};

const placeOfThis = (): WorkerPlace | undefined => {
  try {
    const started = parseStat(readFileSync("/proc/self/stat", "utf8"))?.started;
    const pids = /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0];
    if (started === undefined || pids === undefined) return undefined;
    return { machine: machineId(), boot: line("/proc/sys/kernel/random/boot_id"), pids, started };
  } catch {
    return undefined;
  }
};

const line = (file: string): string => readFileSync(file, "utf8").trim();

/** The id itself is not for others' eyes (machine-id(5)); a hash tells machines apart as well. */
const machineId = (): string => {
  try {
    return createHash("sha256")
      .update(`quiesce ${line("/etc/machine-id")}`)
      .digest("hex")
      .slice(0, 12);
  } catch {
    return "unknown";
  }
};
