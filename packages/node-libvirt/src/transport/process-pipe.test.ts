import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { ProcessPipe, type ProcessEnd } from "./process-pipe.ts";

const pipe = (script: string, command = "sh") =>
  new ProcessPipe({
    command,
    args: ["-c", script],
    env: process.env,
    explain: ({ code, said, cause }: ProcessEnd) => new Error(`${code} ${cause === undefined ? said : "not started"}`),
  });

const failure = async (broken: ProcessPipe): Promise<string> => {
  const [error] = (await once(broken, "error")) as [Error];
  return error.message;
};

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("a process as a pipe", () => {
  test("carries bytes both ways and ends with the process", async () => {
    const echo = pipe("cat; echo end");
    echo.end("hello ");
    expect((await echo.toArray()).join("")).toBe("hello end\n");
  });

  test("fails with what the process said last", async () => {
    const said = await failure(pipe("yes noise | head -c 100002 >&2; echo it broke >&2; exit 3"));
    expect(said.slice(0, 2) + said.slice(-14)).toBe("3 noise\nit broke");
    expect(said.length).toBeLessThan(4200);
    expect(await failure(pipe("exit 1"))).toBe("1 ");
    expect(await failure(pipe("kill -9 $$"))).toBe("null ");
    expect(await failure(pipe("", "/nonexistent/ssh"))).toBe("null not started");
  });

  test("fails though a grandchild keeps its standard error", async () => {
    const broken = pipe("echo broken >&2; sleep 3 & exit 2");
    const started = performance.now();
    expect(await failure(broken)).toBe("2 broken");
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test("ends the process when it is destroyed, and when its input ends", async () => {
    const sleeper = pipe("echo $$; exec sleep 100");
    const pid = Number(String((await once(sleeper, "data"))[0]));
    expect(lives(pid)).toBe(true);
    sleeper.destroy();
    for (let tries = 0; lives(pid) && tries < 100; tries++) await sleep(20);
    expect(lives(pid)).toBe(false);
  });

  test("does not read on while nobody takes what has come, and loses nothing", async () => {
    const source = pipe("head -c 3000000 /dev/zero");
    await once(source, "readable");
    await sleep(100);
    expect(source.readableLength).toBeLessThan(400_000);
    let size = 0;
    for await (const chunk of source as AsyncIterable<Buffer>) size += chunk.length;
    expect(size).toBe(3_000_000);
  });

  test("is not in the terminal's process group: Ctrl-C does not reach it", async () => {
    const group = pipe("ps -o pgid= -p $$; echo $$");
    const [pgid, pid] = (await group.toArray()).join("").trim().split(/\s+/u);
    expect(pgid).toBe(pid);
  });
});
