import type { Repository } from "@quiesce/core";
import { openRepository, type RepositoryOptions } from "@quiesce/repository";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Scratch {
  readonly root: string;
  readonly repository: Repository;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A repository in a folder of its own, which goes with the test. */
export const scratch = async (options: RepositoryOptions = {}): Promise<Scratch> => {
  const folder = await mkdtempDisposable(join(tmpdir(), "quiesce-repository-"));
  const root = join(folder.path, "repository");
  return { root, repository: await openRepository(root, options), [Symbol.asyncDispose]: () => folder.remove() };
};
