export interface ProcessStat {
  /** One letter; `Z` and `X` are dead. */
  readonly state: string;
  /** In ticks since the machine's start. */
  readonly started: string;
}

/** Reads /proc/PID/stat (proc_pid_stat(5), fields 3 and 22). The name before them may hold blanks and brackets. */
export const parseStat = (text: string): ProcessStat | undefined => {
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .trim()
    .split(" ");
  const [state, started] = [fields[0], fields[19]];
  return state === undefined || started === undefined ? undefined : { state, started };
};
