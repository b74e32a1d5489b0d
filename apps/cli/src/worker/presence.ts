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

/** `unknown`: it belongs to another machine, or does not say enough; then only the end of its lease tells. */
export type Presence = "running" | "gone" | "unknown";

/**
 * Whether the process that a worker's text names is still there. `gone` is proved: on this machine and in the same PID
 * namespace its id is free or belongs to a process that started at another time, or the machine was started anew since.
 */
export const presenceOf = (text: string, self: WorkerFacts, look: (pid: number) => ProcessLook = lookAt): Presence => {
  const worker = parseWorker(text);
  if (worker?.place === undefined || self.place === undefined) return "unknown";
  const { machine, boot, pids, started } = worker.place;
  const here = self.place;
  if (worker.host !== self.host || machine !== here.machine || pids !== here.pids) return "unknown";
  // Two containers on two machines may share name and id of the image: there a new boot proves nothing.
  if (boot !== here.boot) return machine !== "unknown" && pids === wholeMachine ? "gone" : "unknown";
  const now = look(worker.pid);
  if (now.is === "unknown") return "unknown";
  return now.is === "running" && now.started === started ? "running" : "gone";
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
