import type { Manifest, RepositoryRef } from "../model/manifest.ts";
import type { PlannedSet } from "./plan.ts";
import type { Planning, World } from "./world.ts";

/** The set that a restore or a removal works on, with the repository that holds its bytes. */
export const plannedSet = ({ id, name, kind, repository }: Manifest): PlannedSet => ({
  id,
  name,
  kind,
  ...(repository === undefined ? {} : { repository }),
});

/** Where this run's bytes go: free room is of now, and no part of a plan. */
export const repositoryOf = ({ repository }: World): RepositoryRef | undefined =>
  repository && { id: repository.id, location: repository.location };

/** Bytes that lie in another repository can be neither read nor removed by this run. */
export const checkRepository = ({ world, findings }: Planning, { kind, name, repository }: Manifest): void => {
  if (repository === undefined || repository.id === world.repository?.id) return;
  const open = world.repository === undefined ? "no repository is open" : `${world.repository.location} is open`;
  findings.problems.push({
    code: "not-found",
    message: `The bytes of ${kind} ${name} lie in repository ${repository.location} (${repository.id}), but ${open}${world.repository === undefined ? "" : ` (${world.repository.id})`}.`,
    hint: "Name the repository that holds the set.",
  });
};
