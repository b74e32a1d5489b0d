/** What a process writes about itself into the store, so that another one can tell later whether it is still there. */
export interface WorkerFacts {
  readonly host: string;
  readonly pid: number;
  /** Absent where the machine does not tell, as outside Linux. */
  readonly place?: WorkerPlace;
}

/** What makes a process id unmistakable. */
export interface WorkerPlace {
  /** Stands for the machine's own id, over restarts. */
  readonly machine: string;
  /** New at each start of the machine. */
  readonly boot: string;
  /** The PID namespace: the same process id means another process in each. */
  readonly pids: string;
  /** Start of the process, in ticks since the machine's. */
  readonly started: string;
}

/** `hv1, process 4711 (machine …, boot …, pids …, started …)`: `RunRecord.worker`. */
export const workerText = ({ host, pid, place }: WorkerFacts): string => {
  const name = `${host}, process ${pid}`;
  if (place === undefined) return name;
  const { machine, boot, pids, started } = place;
  return `${name} (machine ${machine}, boot ${boot}, pids ${pids}, started ${started})`;
};

const pattern =
  /^(?<host>.+), process (?<pid>\d+)(?: \(machine (?<machine>\S+), boot (?<boot>\S+), pids (?<pids>\S+), started (?<started>\d+)\))?$/;

/** Undefined for a text that was written by something else. */
export const parseWorker = (text: string): WorkerFacts | undefined => {
  const { host, pid, machine, boot, pids, started } = pattern.exec(text)?.groups ?? {};
  if (host === undefined || pid === undefined) return undefined;
  const facts = { host, pid: Number(pid) };
  return machine === undefined || boot === undefined || pids === undefined || started === undefined
    ? facts
    : { ...facts, place: { machine, boot, pids, started } };
};

/** Only what a person wants to read: host and process. */
export const workerName = (text: string): string => text.replace(/ \(machine .*\)$/, "");
