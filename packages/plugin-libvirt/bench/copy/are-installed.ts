import { spawnSync } from "node:child_process";

/** Whether each of these programs can be run. */
export const areInstalled = (...programs: readonly string[]): boolean =>
  programs.every((program) => spawnSync(program, ["--version"], { stdio: "ignore" }).error === undefined);
