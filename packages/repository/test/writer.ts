import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("./writer-process.ts", import.meta.url));

export const writerCommand = (...words: readonly string[]): readonly string[] => [
  process.execPath,
  "--conditions=@quiesce/source",
  script,
  ...words,
];

/** Starts the process that writes; `killAfterMs`: that long after its copy began. Gives its last line, if it told one. */
export const runWriter = async (words: readonly string[], killAfterMs?: number): Promise<unknown> => {
  const [command = "", ...rest] = writerCommand(...words);
  const child = spawn(command, rest, { stdio: ["ignore", "pipe", "inherit"], timeout: 60_000 });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    if (killAfterMs !== undefined && out.startsWith("reading\n")) setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  });
  await once(child, "close");
  const last = out.trim().split("\n").at(-1) ?? "";
  return last.startsWith("{") ? (JSON.parse(last) as unknown) : undefined;
};
