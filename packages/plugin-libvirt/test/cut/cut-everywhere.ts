import { asId, type RunId } from "@quiesce/core";
import { startSimulator, type FaultInput } from "@quiesce/sim-libvirt";
import { memoryRepository } from "@quiesce/testkit";
import { pictureOf } from "./picture.ts";
import { Process, tagOf, type Legacy } from "./process.ts";
import type { Story } from "./story.ts";

export interface Cut {
  readonly story: Story;
  /** What becomes of the call at which the process dies. */
  readonly fate: FaultInput["do"];
  readonly recover: (p: Process) => Promise<void>;
  readonly end: "as it was" | "done";
}

type Pictures = Readonly<Record<string, unknown>>;

/**
 * Does the work undisturbed, and then once for each call that changes something, in a process that dies at it. What another
 * process makes of it is compared with what is wanted.
 */
export const cutEverywhere = async (
  dir: string,
  { story, fate, recover, end }: Cut,
): Promise<{ readonly found: Pictures; readonly wanted: Pictures }> => {
  await using stack = new AsyncDisposableStack();
  const whole = await sceneOf(dir, story, stack);
  const before = whole.picture();
  const { truth } = whole.legacy.host;
  const made = truth.calls({ mutating: true }).length;
  await story.work(stack.use(await Process.start(whole.legacy)));
  const want = end === "done" ? whole.picture() : before;
  const calls = truth.calls({ mutating: true }).slice(made);
  const cuts = calls.map(async ({ procedure }, index) => {
    const { legacy, picture } = await sceneOf(dir, story, stack);
    const died = await dieAt(story, legacy, index + 1, fate);
    const next = stack.use(await Process.start(legacy, 2));
    const recovered = await recover(next).then(
      () => "recovered",
      (thrown: unknown) => String(thrown),
    );
    await next.settle();
    return [`${index + 1}: ${procedure}`, { died, recovered, ...picture() }] as const;
  });
  const found = Object.fromEntries(await Promise.all(cuts));
  const good = { died: true, recovered: "recovered", ...want };
  return { found, wanted: Object.fromEntries(Object.keys(found).map((at) => [at, good])) };
};

let serial = 0;

/** A host of its own for each time. */
export const sceneOf = async (dir: string, { machine, before }: Story, stack: AsyncDisposableStack) => {
  const name = `h${(serial += 1)}`;
  const domains = [{ name: "db", ...machine }];
  const spec = { hosts: [{ name, domains, pools: [{ name: "default" }] }] };
  const { hypervisor: host, uri } = stack.use(await startSimulator({ dir, spec })).host(name);
  const repository = memoryRepository();
  const run = asId<RunId>(crypto.randomUUID());
  const backup = { name: "set", kind: "backup" } as const;
  const folder = repository.folder({ tag: tagOf(run), backup, instance: asId("db") });
  const legacy: Legacy = { host, uri, machine: "db", run, repository: folder, journal: new Map() };
  if (before !== undefined) {
    await using earlier = await Process.start(legacy);
    await before(earlier);
  }
  return { legacy, picture: () => pictureOf(legacy, repository.files()) };
};

/** Does the work in a process that dies at its nth call that changes something: nothing that it calls after that is heard. */
const dieAt = async (story: Story, legacy: Legacy, nth: number, fate: Cut["fate"]): Promise<boolean> => {
  const { faults } = legacy.host;
  const cut = faults.add({ on: { procedure: "*", mutating: true, nth }, do: fate });
  const unheard = { kind: "drop-connection", when: "before" } as const;
  faults.add({ on: { procedure: "*", mutating: true, nth: nth + 1, times: "always" }, do: unheard });
  const doomed = await Process.start(legacy);
  await story.work(doomed).catch(() => {});
  await doomed.connection.close();
  const died = faults.list().some(({ id, happened }) => id === cut && happened > 0);
  faults.clear();
  return died;
};
