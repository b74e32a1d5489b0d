export { openRepository } from "./open-repository.ts";
export type { RepositoryOptions } from "./open-repository.ts";
