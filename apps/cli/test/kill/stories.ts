import { labelFaults } from "./label-faults.ts";
import { backedUpWorld, freshWorld } from "./machines.ts";
import { exampleOf, nothingDone, sameEnd } from "./same-end.ts";
import { strayArtefacts } from "./stray-artefacts.ts";
import type { Story } from "./try-all-points.ts";

type Command = Pick<Story, "title" | "world" | "args">;

export const backup: Command = {
  title: "backup",
  world: () => freshWorld(),
  args: ["backup", "shop.yaml", "--name", "n"],
};
export const smallBackup: Command = { ...backup, title: "backup of two", world: () => freshWorld(["db", "app"]) };
export const restore: Command = {
  title: "restore",
  world: () => backedUpWorld(["db", "app"]),
  args: ["restore", "shop.yaml", "--name", "n", "--yes"],
};
export const removal: Command = {
  title: "remove-backup",
  world: () => backedUpWorld(),
  args: ["remove-backup", "shop.yaml", "--name", "n", "--yes"],
};
export const suspend: Command = { title: "suspend", world: () => freshWorld(), args: ["suspend", "shop.yaml"] };

/** Killed, then gone on with: it ends as without a kill. */
export const goneOnWith = async (command: Command, ...more: readonly Story["faults"][]): Promise<Story> => ({
  ...command,
  policy: "continue",
  faults: sameEnd(await exampleOf(command), ...more),
});

/** Killed, then taken back: nothing of it is left. */
export const takenBack = async (command: Command): Promise<Story> => ({
  ...command,
  title: `${command.title}, taken back`,
  policy: "compensate",
  faults: nothingDone(await exampleOf(command)),
});

/** Killed when a call is on its way: whether it takes effect, and when, is open. */
export const onTheWay = (story: Story): Story => ({
  ...story,
  title: `${story.title}, calls on their way`,
  points: /^sent /,
});

export const backupStory = (): Promise<Story> => goneOnWith(backup, strayArtefacts, labelFaults);
