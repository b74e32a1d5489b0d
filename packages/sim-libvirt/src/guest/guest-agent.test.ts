import { expect, test } from "vitest";
import { ManualClock } from "../../test/manual-clock.ts";
import { GuestAgent } from "./guest-agent.ts";
import { defaultGuestSettings, type GuestSettings } from "./guest-settings.ts";

const agentOf = (first: Partial<GuestSettings> = {}) => {
  const clock = new ManualClock();
  const heard: boolean[] = [];
  let settings: GuestSettings = { ...defaultGuestSettings, ...first };
  const agent = new GuestAgent(
    clock,
    () => settings,
    (connected) => heard.push(connected),
  );
  const set = (changes: Partial<GuestSettings>) => {
    settings = { ...settings, ...changes };
    agent.settingsChanged(true);
  };
  const ask = (timeoutMs: number, perform: () => string = () => "done") =>
    agent.ask(timeoutMs, perform).catch((error: unknown) => (error as Error).message);
  return { clock, heard, agent, set, ask };
};

const notAvailable = "Guest agent is not responding: Guest agent not available for now";
const notConnected = "Guest agent is not responding: QEMU guest agent is not connected";

test("comes up after the boot and answers", async () => {
  const { clock, heard, agent, ask } = agentOf();
  agent.start(100);
  expect(await ask(1000)).toBe(notConnected);
  await clock.pass(100);
  expect(heard).toEqual([true]);
  expect(await ask(1000)).toBe("done");
});

test("that is dead never comes up, until it is started again", async () => {
  const { heard, agent, set, ask } = agentOf({ agent: "dead" });
  agent.start(0);
  expect(await ask(1000)).toBe(notConnected);
  set({ agent: "running" });
  expect(await ask(1000)).toBe("done");
  set({ agent: "dead" });
  expect(heard).toEqual([true, false]);
});

test("that hangs takes the command and performs it when it goes on", async () => {
  const { clock, agent, set, ask } = agentOf();
  agent.start(0);
  await ask(1000);
  set({ agent: "hung" });
  let performed = 0;
  const first = ask(2000, () => `${++performed}`);
  await clock.pass(2000);
  expect(await first).toBe(notAvailable);
  // Out of step: the greeting is not answered, so that the command is not sent at all.
  const second = ask(Infinity, () => `${++performed}`);
  await clock.pass(5000);
  expect(await second).toBe(notAvailable);
  expect(performed).toBe(0);
  set({ agent: "running" });
  expect(performed).toBe(1);
  expect(await ask(1000)).toBe("done");
});

test("that hangs hangs the caller without limit if there is none, until the guest is gone", async () => {
  const { clock, agent, set, ask } = agentOf();
  agent.start(0);
  await ask(1000);
  set({ agent: "hung" });
  let answer: string | undefined;
  void ask(Infinity).then((text) => (answer = text));
  await clock.pass(1_000_000);
  expect(answer).toBeUndefined();
  agent.stop(false);
  await clock.pass(0);
  expect(answer).toBe(notConnected);
});

test("that is slow is waited for as long as the caller likes", async () => {
  const { clock, agent, set, ask } = agentOf();
  agent.start(0);
  await ask(1000);
  set({ agentDelayMs: 300 });
  const patient = ask(500);
  await clock.pass(300);
  expect(await patient).toBe("done");
  let late = false;
  const hasty = ask(200, () => `${(late = true)}`);
  await clock.pass(200);
  expect(await hasty).toBe(notAvailable);
  expect(late).toBe(false);
  await clock.pass(100);
  expect(late).toBe(true);
});
