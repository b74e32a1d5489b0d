import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { isInterruption } from "./interruption.ts";
import { listenForStops, unlessStopped } from "./listen-for-stops.ts";

const signalSource = () => {
  const died: string[] = [];
  return Object.assign(new EventEmitter(), { died, dieOf: (signal: string) => void died.push(signal) });
};

test("before a run a signal ends the command, with the code of the signal", async () => {
  const source = signalSource();
  const stops = listenForStops(source);
  const never = new Promise<never>(() => {});
  const waiting = unlessStopped(never, stops.before);
  source.emit("SIGTERM", "SIGTERM");
  const thrown = await waiting.catch((error: unknown) => error);
  expect(isInterruption(thrown) && thrown.exitCode).toBe(143);
  expect(() => stops.before.throwIfAborted()).toThrow("Stopped before anything was changed.");
});

test("while a run works the first signal is soft, each further one hard, and nothing is aborted", () => {
  const source = signalSource();
  const stops = listenForStops(source);
  const modes: string[] = [];
  stops.handOver((mode) => modes.push(mode));
  for (const signal of ["SIGINT", "SIGINT", "SIGHUP"]) source.emit(signal, signal);
  expect(modes).toEqual(["soft", "hard", "hard"]);
  expect(stops.before.aborted).toBe(false);
  expect(stops.received()).toBe("SIGINT");
});

test("before a run a second signal ends the process at once: something hangs", () => {
  const source = signalSource();
  listenForStops(source);
  source.emit("SIGINT", "SIGINT");
  expect(source.died).toEqual([]);
  source.emit("SIGINT", "SIGINT");
  expect(source.died).toEqual(["SIGINT"]);
  expect(source.eventNames()).toEqual([]);
});

test("a signal that came while the run was being started cancels it", () => {
  const source = signalSource();
  const stops = listenForStops(source);
  source.emit("SIGINT", "SIGINT");
  const modes: string[] = [];
  stops.handOver((mode) => modes.push(mode));
  expect(modes).toEqual(["soft"]);
});

test("after closing nobody listens", () => {
  const source = signalSource();
  listenForStops(source).close();
  expect(source.eventNames()).toEqual([]);
});
