import type { KillWorld } from "./kill-world.ts";
import { differenceOf, takePicture, type Picture } from "./take-picture.ts";
import type { Recovered, Story } from "./try-all-points.ts";

type Check = Story["faults"];

/** How a run without any kill ends. */
export interface Example {
  readonly before: Picture;
  readonly after: Picture;
}

/** Runs a command to its end, once. */
export const exampleOf = async (command: Pick<Story, "world" | "args">): Promise<Example> => {
  await using world = await command.world();
  const before = await takePicture(world);
  const { code, stderr } = await world.run(command.args);
  if (code !== 0) throw new Error(`Without any kill, ${command.args.join(" ")} ended with ${code}: ${stderr}`);
  return { before, after: await takePicture(world) };
};

/** After the recovery all is as after a run that was not killed; where the run had not begun, as before. */
export const sameEnd =
  ({ before, after }: Example, ...more: readonly Check[]): Check =>
  async (world, recovered) => {
    const expected = recovered.run === "not on record" ? before : after;
    return [
      ...exitFaults(recovered),
      ...differenceOf(await takePicture(world), expected),
      ...(await all(more, world, recovered)),
    ];
  };

/** After the recovery nothing of the run is left but its record; one that had ended stays as it is. */
export const nothingDone =
  ({ before, after }: Example): Check =>
  async (world, recovered) => {
    const expected = recovered.run === "ended" ? after : before;
    return [...exitFaults(recovered), ...differenceOf(withoutRuns(await takePicture(world)), withoutRuns(expected))];
  };

const all = async (checks: readonly Check[], world: KillWorld, recovered: Recovered): Promise<readonly string[]> =>
  (await Promise.all(checks.map((check) => check(world, recovered)))).flat();

const exitFaults = ({ code }: Recovered): readonly string[] => (code === 0 ? [] : [`recover ended with ${code}`]);

const withoutRuns = (picture: Picture): Picture => picture.filter((line) => !line.startsWith("run: "));
