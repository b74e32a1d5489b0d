import type { KillWorld } from "./kill-world.ts";
import { domainOf, startKillWorld } from "./kill-world.ts";

/** Five machines; each with those that it needs. */
const five = { db: [], app: ["db"], web: ["app"], queue: [], mail: [] } as const;

type Machine = keyof typeof five;
const all = Object.keys(five) as readonly Machine[];
const some = (machines: readonly Machine[]): Record<string, readonly string[]> =>
  Object.fromEntries(machines.map((name) => [name, five[name]]));

/** Machines that run, nothing stored. */
export const freshWorld = async (machines: readonly Machine[] = all): Promise<KillWorld> => {
  const world = await startKillWorld(some(machines));
  await world.keep();
  return world;
};

/** The same with a backup `n`, and other data on the disks since. */
export const backedUpWorld = async (machines: readonly Machine[] = all): Promise<KillWorld> => {
  const world = await startKillWorld(some(machines));
  await ok(world.run(["backup", "shop.yaml", "--name", "n"]));
  for (const machine of world.machines) await scribble(world, machine);
  await world.keep();
  return world;
};

export const scribble = async ({ hypervisor }: KillWorld, machine: string): Promise<void> =>
  await hypervisor.guest(domainOf(machine)).write("vda", 0, Buffer.from("written later "));

const ok = async (running: ReturnType<KillWorld["run"]>): Promise<void> => {
  const { code, stderr } = await running;
  if (code !== 0) throw new Error(`What the test starts from could not be made (exit ${code}): ${stderr}`);
};
