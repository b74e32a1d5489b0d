import { failure, noRepository, type Repository, type RepositoryRef } from "@quiesce/core";

/**
 * Stands for a repository that is not to be found now. Debts of a run can be paid without it, as far as they need none
 * of its bytes; whatever does need them fails, and the run itself is not gone on with: its id is another one.
 */
export const missingRepository = ({ location }: RepositoryRef): Repository => {
  const refused = (): Promise<never> =>
    Promise.reject(failure("unavailable", `The repository ${location} is not there now.`, { retry: "later" }));
  const reader = {
    id: "missing",
    location: `not there now (${location})`,
    freeBytes: refused,
    openDisk: refused,
    readFile: refused,
  };
  return {
    ...noRepository,
    ...reader,
    folder: () => ({ ...reader, find: refused, putDisk: refused, putFile: refused, remove: refused, clear: refused }),
    keepManifest: refused,
    dropManifest: refused,
    // eslint-disable-next-line require-yield -- it has nothing to give, not even an empty list
    sets: async function* () {
      await refused();
    },
  };
};
