import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { freeSocketPath } from "./free-socket-path.ts";

const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), "sim-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
};

test("a socket that somebody serves is left alone", async () => {
  const path = join(folder(), "s");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  await expect(freeSocketPath(path)).rejects.toThrow(/Another process listens/u);
  expect(existsSync(path)).toBe(true);
  await new Promise((resolve) => server.close(resolve));
});

test("a socket that nobody serves any more is removed", async () => {
  const path = join(folder(), "s");
  const script = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["-e", script]);
  expect(existsSync(path)).toBe(true);
  await freeSocketPath(path);
  expect(existsSync(path)).toBe(false);
});

test("a file is never removed, and a folder is made", async () => {
  const dir = folder();
  writeFileSync(join(dir, "file"), "precious");
  await expect(freeSocketPath(join(dir, "file"))).rejects.toThrow(/is no socket/u);
  await freeSocketPath(join(dir, "new", "s"));
  expect(existsSync(join(dir, "new"))).toBe(true);
});
