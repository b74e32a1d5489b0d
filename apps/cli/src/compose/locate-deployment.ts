import { stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { asId, QuiesceError, type DeploymentId } from "@quiesce/core";
import type { Registry } from "@quiesce/runtime-sqlite";
import { near } from "../input/near.ts";

/** Finds the file that a command line means: a path, or the name of a registered deployment. */
export const locateDeployment = async (
  wanted: string,
  cwd: string,
  registry: Registry | undefined,
): Promise<string> => {
  const path = isAbsolute(wanted) ? wanted : resolve(cwd, wanted);
  if (looksLikeFile(wanted)) {
    if (await isFile(path)) return path;
    throw new QuiesceError("not-found", `There is no deployment file ${path}.`, { hint: listHint });
  }
  const registered = await registry?.deployments.get(asId<DeploymentId>(wanted));
  if (registered !== undefined) {
    if (await isFile(registered.file)) return registered.file;
    throw new QuiesceError("not-found", `Deployment ${wanted} was registered from ${registered.file}, which is gone.`, {
      hint: `Register its new place: quiesce deployments add FILE --replace`,
    });
  }
  if (await isFile(path)) return path;
  const known = (await registry?.deployments.list()) ?? [];
  throw unknownDeployment(
    wanted,
    known.map(({ name }) => name),
  );
};

const listHint = "List the registered ones with: quiesce deployments list";

export const looksLikeFile = (wanted: string): boolean => /[/\\]|\.(ya?ml|json)$/i.test(wanted);

const isFile = async (path: string): Promise<boolean> =>
  await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

/** `names`: those that are registered. */
export const unknownDeployment = (wanted: string, names: readonly string[]): QuiesceError => {
  const meant = near(wanted, names);
  const known = names.length === 0 ? "No deployment is registered yet." : `Registered: ${names.join(", ")}.`;
  return new QuiesceError("not-found", `There is no deployment "${wanted}".`, {
    hint:
      meant === undefined
        ? `${known} Give a file, or register one: quiesce deployments add FILE`
        : `Did you mean ${meant}?`,
  });
};
