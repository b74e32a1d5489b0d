import type { Part } from "./levels.ts";
import type { Member } from "./member.ts";
import type { Planning } from "./world.ts";

/**
 * Refuses a backup that cannot fit into the repository, before anything is frozen. Only what is known to be moved
 * counts: the used bytes of the disks of machines that are stored whole. What nobody knows is not guessed.
 */
export const checkRoom = (
  { world, findings }: Planning,
  captures: readonly Part[],
  members: readonly Member[],
): void => {
  const { repository } = world;
  if (repository?.freeBytes === undefined) return;
  const whole = new Set(captures.flatMap(({ id, steps }) => (isWhole(steps[0]) ? [id] : [])));
  const moved = members
    .filter(({ id }) => whole.has(id))
    .map((member) => ({ id: member.id, bytes: usedBytesOf(member) }))
    .filter(({ bytes }) => bytes > 0);
  const needed = moved.reduce((sum, { bytes }) => sum + bytes, 0);
  if (!(needed > repository.freeBytes)) return;
  findings.problems.push({
    code: "no-room",
    message: `The backup moves ${amount(needed)} or more (${moved.map(({ id, bytes }) => `${id} ${amount(bytes)}`).join(", ")}), but repository ${repository.location} has ${amount(repository.freeBytes)} left.`,
    hint: "Free room there (quiesce backups prune), name a larger repository, or back up fewer instances at a time.",
  });
};

const isWhole = ({ does, input }: Part["steps"][0]): boolean => does === "capture" && input["parent"] === "full";

const usedBytesOf = ({ survey }: Member): number =>
  (survey?.disks ?? []).reduce(
    (sum, { captured, usedBytes = 0 }) => sum + (captured["backup.create"].by === "vm" ? usedBytes : 0),
    0,
  );

const amount = (bytes: number): string =>
  bytes < 1024 ** 3 ? `${(bytes / 1024 ** 2).toFixed(1)} MiB` : `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
