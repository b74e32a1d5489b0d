import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { presenceOf, type Presence, type ProcessLook } from "./presence.ts";
import { parseStat } from "./process-stat.ts";
import { thisWorker } from "./this-worker.ts";
import { parseWorker, workerName, workerText, type WorkerFacts } from "./worker-text.ts";

const place = { machine: "aabbcc", boot: "b-1", pids: "4026531836", started: "500" };
const self: WorkerFacts = { host: "hv1", pid: 7, place: { ...place, started: "900" } };
const other = (changes: Partial<typeof place> = {}, host = "hv1"): string =>
  workerText({ host, pid: 42, place: { ...place, ...changes } });
const none = (): ProcessLook => ({ is: "none" });
const running = (started: string) => (): ProcessLook => ({ is: "running", started });

test("a text is read back as it was written, and people read host and process only", () => {
  const facts: WorkerFacts = { host: "hv1, the (old) one", pid: 42, place };
  expect(parseWorker(workerText(facts))).toEqual(facts);
  expect(workerName(workerText(facts))).toBe("hv1, the (old) one, process 42");
  expect(parseWorker("hv1, process 42")).toEqual({ host: "hv1", pid: 42 });
  expect(parseWorker("something else")).toBeUndefined();
});

test.each<readonly [string, string, () => ProcessLook, Presence]>([
  ["its id is free", other(), none, "gone"],
  ["its id belongs to a process that began at another time", other(), running("501"), "gone"],
  ["it runs", other(), running("500"), "running"],
  ["its id is taken, and nothing more can be seen", other(), () => ({ is: "unknown" }), "unknown"],
  ["it ran on another host", other({}, "hv2"), none, "unknown"],
  ["it ran on another machine of the same name", other({ machine: "ddeeff" }), none, "unknown"],
  ["it ran in a container", other({ pids: "4026532999" }), none, "unknown"],
  ["the machine was started anew", other({ boot: "b-0" }), running("500"), "gone"],
  ["a machine without an id was started anew", other({ boot: "b-0", machine: "unknown" }), none, "unknown"],
  ["it said no more than its process id", "hv1, process 42", none, "unknown"],
  ["another program wrote it", "something else", none, "unknown"],
])("%s", (_what, text, look, expected) => {
  const machine = parseWorker(text)?.place?.machine === "unknown" ? "unknown" : place.machine;
  const here = { ...self, place: { ...place, machine, started: "900" } };
  expect(presenceOf(text, here, look)).toBe(expected);
});

test("in containers of one image a new boot proves nothing: they may run on two machines", () => {
  const inside = { ...place, pids: "4026532999" };
  expect(presenceOf(other({ ...inside, boot: "b-0" }), { ...self, place: inside }, none)).toBe("unknown");
});

test("a machine that tells nothing of itself waits for the lease", () => {
  expect(presenceOf(other(), { host: "hv1", pid: 7 }, none)).toBe("unknown");
});

test("this process is there; one that was killed is gone, also before its parent asks for it", async () => {
  const me = thisWorker();
  expect(me).toMatchObject({ pid: process.pid, place: { started: expect.stringMatching(/^\d+$/) } });
  expect(presenceOf(workerText(me), me)).toBe("running");
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
  await once(child, "spawn");
  const itsText = (started: string): string =>
    workerText({ ...me, pid: child.pid ?? 0, ...(me.place && { place: { ...me.place, started } }) });
  // Whatever it is, it did not start with the machine.
  expect(presenceOf(itsText("1"), me)).toBe("gone");
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(presenceOf(itsText("1"), me)).toBe("gone");
  expect(presenceOf(workerText({ ...me, pid: child.pid ?? 0 }), me)).toBe("gone");
});

test("the name of a program cannot shift the fields", () => {
  const rest = "1 1 1 0 -1 4194304 101 0 0 0 0 0 0 0 20 0 1 0 2427068 3133440";
  expect(parseStat(`42 (a) b (c) Z ${rest}`)).toEqual({ state: "Z", started: "2427068" });
  expect(parseStat("")).toBeUndefined();
});
