import { readFileSync } from "node:fs";
import { parseStat } from "./process-stat.ts";
import { parseWorker, type WorkerFacts } from "./worker-text.ts";

/** What the machine says of a process id now. `unknown`: it exists, and nothing else can be read. */
export type ProcessLook = { readonly is: "none" | "unknown" } | { readonly is: "running"; readonly started: string };

/**
 * The PID namespace of a machine itself, as opposed to a container's: its number is fixed in Linux
 * (PROC_PID_INIT_INO).
 */
const wholeMachine = "4026531836";

/**
 * Whether a worker's text names a process that provably runs no more: on this machine, in the same PID namespace, and
 * its id is free or belongs to a process that started at another time; or the machine was started anew since. Of any
 * other worker only the end of its lease tells.
 */
export const isGone = (text: string, self: WorkerFacts, look: (pid: number) => ProcessLook = lookAt): boolean => {
  const worker = parseWorker(text);
  if (worker?.place === undefined || self.place === undefined) return false;
  const { machine, boot, pids, started } = worker.place;
  const here = self.place;
  if (worker.host !== self.host || machine !== here.machine || pids !== here.pids) return false;
  // Two containers on two machines may share name and id of the image: there a new boot proves nothing.
  if (boot !== here.boot) return machine !== "unknown" && pids === wholeMachine;
  const now = look(worker.pid);
  return now.is === "none" || (now.is === "running" && now.started !== started);
};

const lookAt = (pid: number): ProcessLook => {
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    // Another user's process cannot be signalled; it is there all the same.
    if ((thrown as NodeJS.ErrnoException).code === "ESRCH") return { is: "none" };
  }
  try {
    const stat = parseStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
    if (stat === undefined) return { is: "unknown" };
    return stat.state === "Z" || stat.state === "X" ? { is: "none" } : { is: "running", started: stat.started };
  } catch {
    return { is: "unknown" };
  }
};
