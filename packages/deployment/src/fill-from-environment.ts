import type { Deployment, Provider, ProviderName } from "@quiesce/core";
import { looksSecret } from "./secret/looks-secret.ts";

/** By plugin: which config key a variable of the environment fills, when the file leaves the key out. */
const variables: Readonly<Record<string, { readonly key: string; readonly variable: string }>> = {
  libvirt: { key: "uri", variable: "LIBVIRT_DEFAULT_URI" },
};

/**
 * Fills what a provider's block leaves out from the variables that the cloud's own tools use. A variable counts only
 * for the one provider of its plugin: with two of them it could mean either. The value is written into the
 * deployment, so that a stored one means the same later; a value with a password in it becomes a reference.
 */
export const fillFromEnvironment = (
  deployment: Deployment,
  env: Readonly<Record<string, string | undefined>>,
): Deployment => {
  const entries = Object.entries(deployment.providers) as [ProviderName, Provider][];
  const filled = entries.map(([name, provider]): [ProviderName, Provider] => {
    const { key, variable } = variables[provider.plugin] ?? {};
    const value = variable === undefined ? undefined : env[variable];
    const isOnly = entries.filter(([, { plugin }]) => plugin === provider.plugin).length === 1;
    if (key === undefined || value === undefined || value === "" || key in provider.config || !isOnly)
      return [name, provider];
    const config = { ...provider.config, [key]: looksSecret(value) === undefined ? value : { env: variable } };
    return [name, { ...provider, config } as Provider];
  });
  return { ...deployment, providers: Object.fromEntries(filled) };
};
