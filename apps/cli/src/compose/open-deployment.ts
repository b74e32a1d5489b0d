import { isSome, type Deployment, QuiesceError } from "@quiesce/core";
import { fillFromEnvironment, resolveSelectors, type ReadDeployment } from "@quiesce/deployment";
import type { Registry } from "@quiesce/runtime-sqlite";
import type { Invocation } from "../invocation/invocation.ts";
import { locateDeployment } from "./locate-deployment.ts";
import { readDeploymentFile } from "./read-deployment-file.ts";
import type { Connected } from "./connect.ts";

export interface OpenedDeployment extends ReadDeployment {
  readonly file: string;
}

/** Reads the deployment that a command line means, with what the environment adds to it. */
export const openDeployment = async (
  wanted: string,
  { cwd, env, output }: Invocation,
  registry: Registry | undefined,
): Promise<OpenedDeployment> => {
  const file = await locateDeployment(wanted, cwd, registry);
  const read = await readDeploymentFile(file);
  for (const { message } of read.notes) output.note(`note: ${message}`);
  for (const [provider, { rate }] of Object.entries(read.tuning))
    if (rate !== undefined)
      output.note(`note: limits.rate of provider ${provider} is not applied yet; limits.parallel is.`);
  return { ...read, file, deployment: fillFromEnvironment(read.deployment, env) };
};

/** The deployment with what its selectors find now. */
export const withSelected = async (
  opened: OpenedDeployment,
  { fleet }: Connected,
  signal: AbortSignal,
): Promise<Deployment> => {
  if (!isSome(opened.selectors)) return opened.deployment;
  const found = await resolveSelectors(opened, async function* (provider) {
    yield* (await fleet.connection(provider, "work")).discover(signal);
  });
  if (found.ok) return found.value;
  throw new QuiesceError("refused", `The selectors of ${opened.file} do not find what they should.`, {
    problems: found.problems,
  });
};
