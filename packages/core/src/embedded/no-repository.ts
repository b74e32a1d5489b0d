import { failure } from "../error/provider-error.ts";
import type { Repository, RepositoryReader } from "../ports/repository.ts";

const absent = () =>
  failure(
    "invalid",
    "This run has no repository for the bytes that Quiesce moves itself. Name one: --repository FOLDER.",
  );

const refused = (): Promise<never> => Promise.reject(absent());

const reader: Omit<RepositoryReader, "find"> = {
  id: "none",
  location: "no repository",
  freeBytes: () => Promise.resolve(undefined),
  openDisk: refused,
  readFile: refused,
};

/** Stands where no repository was given: a plan whose plugins move no bytes needs none. */
export const noRepository: Repository = {
  ...reader,
  folder: () => ({
    ...reader,
    find: () => Promise.resolve(undefined),
    putDisk: refused,
    putFile: refused,
    remove: refused,
    clear: () => Promise.resolve(),
  }),
  keepManifest: () => Promise.resolve(),
  dropManifest: () => Promise.resolve(),
  sets: async function* () {},
  dropUnfinished: refused,
  inspect: refused,
  verify: refused,
};
