import { failure } from "@quiesce/core";
import { absent, done, isOfStore, look, type Looking, type Of } from "./toy-context.ts";

type Remove = "backup.remove";

/** The set's files, and its point of change tracking. */
export const removeBackup: Of<Remove> = {
  observe: async (c) => {
    const files = await Promise.all(filesIn(c).map(({ name }) => c.repository.find(name)));
    const gone = files.every((file) => file === undefined) && (await pointsOf(c)).length === 0;
    return gone ? done({ covered: c.target.covers }) : absent;
  },
  act: async (c) => {
    const points = await pointsOf(c);
    const foreign = points.find((point) => !isOfStore(c, point));
    if (foreign !== undefined)
      throw failure("conflict", `${foreign.id} of ${c.target.providerId} is not ours; it was not removed.`);
    for (const { id } of filesIn(c)) await c.repository.remove(id);
    for (const point of points) await c.api.backups.dropPoint(point, c.signal);
    return look;
  },
};

const filesIn = ({ input }: Looking<Remove>) => input.artefacts.filter(({ kind }) => kind !== "toy-point");

const pointsOf = async (c: Looking<Remove>) => {
  const ids = new Set(c.input.artefacts.map(({ id }) => id));
  return (await c.api.backups.look(c.target.providerId, c.signal)).points.filter(({ id }) => ids.has(id));
};
