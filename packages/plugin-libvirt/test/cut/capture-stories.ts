import type { Artefact, JsonObject, Operation } from "@quiesce/core";
import type { Process } from "./process.ts";
import type { Story } from "./story.ts";

const twoDisks = [
  { bytes: 65_536, content: "one" },
  { bytes: 65_536, content: "two" },
];

/** Twice: a call of the dead process may come true between. */
const discard = async (p: Process, operation: Operation, input: JsonObject): Promise<void> => {
  const { driver, info } = p.step(operation, input);
  await driver.discard(info);
  await p.settle();
  await driver.discard(info);
  await p.sweep();
};

const snapshot = { memory: true, extra: {} };

const artefactsOf = async (p: Process, operation: Operation, input: JsonObject): Promise<readonly Artefact[]> => {
  const { driver, info } = p.step(operation, input);
  const seen = await driver.observe(info);
  if (seen.is !== "done") throw new Error(`${operation} is ${seen.is}`);
  return seen.outcome.artefacts;
};

const removal = (operation: "snapshot.remove" | "backup.remove") => async (p: Process) =>
  void (await p.take(operation, { saved: {}, ...p.noted("made") }));

const snapshots: readonly Story[] = (["running", "shutoff", "paused"] as const).flatMap((state): readonly Story[] => [
  {
    title: `snapshot of a machine that is ${state}`,
    machine: { state, disks: twoDisks },
    work: async (p) => void (await p.take("snapshot.create", snapshot)),
    goOn: async (p) => void (await p.take("snapshot.create", snapshot)),
    takeBack: (p) => discard(p, "snapshot.create", snapshot),
  },
  {
    title: `removal of a snapshot of a machine that is ${state}`,
    machine: { state, disks: twoDisks },
    before: async (p) => {
      await p.take("snapshot.create", snapshot);
      p.note("made", { artefacts: (await artefactsOf(p, "snapshot.create", snapshot)) as never });
    },
    work: removal("snapshot.remove"),
    goOn: removal("snapshot.remove"),
  },
]);

/** As the engine does it: each result is noted before the next step begins. */
const backup = async (p: Process): Promise<void> => {
  const full = { parent: "full", extra: {} };
  const preparing = p.step("backup.create", full);
  const prepared = await preparing.driver.prepare(preparing.info);
  p.note("prepared", prepared);
  const captured = await p.take("backup.create", { ...full, prepared });
  p.note("captured", captured);
  const completing = p.step("backup.create", { ...full, captured });
  await completing.driver.complete(completing.info, captured);
  const seen = await completing.driver.observe(completing.info);
  if (seen.is !== "done" || seen.whole === false) throw new Error(`The backup ended as ${JSON.stringify(seen)}`);
  p.note("made", { artefacts: seen.outcome.artefacts as never });
  await release(p, true);
};

const release = async (p: Process, whole: boolean): Promise<void> => {
  const prepared = p.noted("prepared");
  const { driver, info } = p.step("backup.create", { parent: "full", extra: {}, ...(prepared && { prepared }) });
  await driver.release(info, { whole });
};

/** First the debt; what was captured meanwhile is taken back, and the window repeated. */
const repeat = async (p: Process): Promise<void> => {
  const whole = p.noted("made") !== undefined;
  await release(p, whole);
  if (whole) return;
  await p.settle();
  await release(p, false);
  await backup(p);
};

const forget = async (p: Process): Promise<void> => {
  await release(p, p.noted("made") !== undefined);
  await discard(p, "backup.create", { parent: "full", extra: {} });
};

const saved = async (p: Process): Promise<void> => {
  await p.take("suspend", { extra: { suspend: "save" } });
};

const machines: readonly Omit<Story, "work">[] = [
  { title: "a machine that runs", machine: { disks: twoDisks } },
  { title: "a machine with a raw disk", machine: { disks: [{ bytes: 65_536, content: "one", format: "raw" }] } },
  { title: "a machine that is off", machine: { disks: twoDisks, state: "shutoff" } },
  { title: "a machine that is saved", machine: { disks: twoDisks }, before: saved },
];

const removalOf = ({ title, machine }: Omit<Story, "work">): Story => ({
  title: `removal of a backup of ${title}`,
  machine,
  before: backup,
  work: removal("backup.remove"),
  goOn: removal("backup.remove"),
});

const backups: readonly Story[] = machines.map((one) => ({
  ...one,
  title: `backup of ${one.title}`,
  work: backup,
  goOn: repeat,
  takeBack: forget,
}));

// Of raw disks and of saved machines libvirt keeps nothing.
const removals = machines.filter(({ title }) => /runs|off/.test(title)).map(removalOf);

export const captureStories: readonly Story[] = [...snapshots, ...backups, ...removals];
