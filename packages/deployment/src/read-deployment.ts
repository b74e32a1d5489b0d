import { dirname, resolve } from "node:path";
import { asId, resultOf, type Deployment, type PlanNote, type ProviderName, type Result } from "@quiesce/core";
import { checkWritten } from "./check/check-written.ts";
import { linkHooks } from "./link/link-hooks.ts";
import { linkInstances } from "./link/link-instances.ts";
import { linkProviders, type ProviderTuning } from "./link/link-providers.ts";
import { linkSelectors, type Selector } from "./link/link-selectors.ts";
import type { SecretUse } from "./link/secret-use.ts";
import { readWritten, type Written } from "./schema/read-written.ts";
import { reportLiterals } from "./secret/report-literals.ts";
import { checkText, loadText } from "./source/load-text.ts";
import { readSource, type Source } from "./source/read-source.ts";

/** Text that is read in place of a file; `file` names it in messages and gives the folder of relative paths. */
export interface DeploymentText {
  readonly text: string;
  readonly file: string;
}

export interface ReadDeployment {
  /**
   * Complete when there are no selectors; else `resolveSelectors` completes it. Paths in it are absolute and secrets
   * are references, so that it can be stored and used from any folder.
   */
  readonly deployment: Deployment;
  readonly selectors: readonly Selector[];
  /** Every secret that will be needed, in the order of the file. */
  readonly secrets: readonly SecretUse[];
  /** Rates and deadlines of each provider. */
  readonly tuning: Readonly<Record<ProviderName, ProviderTuning>>;
  /** What the user should know before a run. */
  readonly notes: readonly PlanNote[];
}

const link = (written: Written, source: Source, file: string): ReadDeployment => {
  const baseDir = dirname(resolve(file));
  const { providers, tuning, secrets } = linkProviders(written, baseDir);
  const hooks = linkHooks(written, baseDir);
  const instances = linkInstances(written, hooks.bindings);
  return {
    deployment: {
      id: asId(written.name),
      providers,
      instances: Object.fromEntries(instances.map((instance) => [instance.id, instance])),
    },
    selectors: linkSelectors(written, source),
    secrets: [...secrets, ...hooks.secrets],
    tuning,
    notes: hooks.notes,
  };
};

/**
 * Reads a deployment file (YAML 1.2 or JSON). Never throws for any content: all that is wrong comes back at once, as
 * problems with line and column. It reads nothing but this file; secrets are resolved later, by `resolveSecrets`.
 */
export const readDeployment = async (from: string | DeploymentText): Promise<Result<ReadDeployment>> => {
  const file = typeof from === "string" ? from : from.file;
  const text = typeof from === "string" ? await loadText(from) : checkText(file, from.text);
  if (!text.ok) return text;
  const source = readSource(file, text.value);
  if (!source.ok) return source;
  // First, because one place gets one problem: that a secret is written out matters more than its wrong form.
  reportLiterals(source.value);
  const written = readWritten(source.value);
  checkWritten(written, source.value);
  return resultOf(source.value.problems.toProblems(), () => link(written, source.value, file));
};
