import type { Deployment, Finding, ProviderName } from "@quiesce/core";
import { connected, type Connected } from "../compose/connect.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { findingOf } from "./finding-of.ts";

/** Asks each provider of a deployment what its plugin finds wrong. A provider that cannot be asked is a finding. */
export const checkProviders = async (
  deployment: Deployment,
  invocation: Invocation,
  signal: AbortSignal,
): Promise<readonly Finding[]> => {
  try {
    return await connected(deployment, invocation, signal, async (providers) => {
      const names = Object.keys(deployment.providers) as ProviderName[];
      return (await Promise.all(names.map((name) => checkProvider(name, providers, signal)))).flat();
    });
  } catch (thrown) {
    return [findingOf(`deployment ${deployment.id}`, thrown)];
  }
};

const checkProvider = async (
  name: ProviderName,
  { fleet }: Connected,
  signal: AbortSignal,
): Promise<readonly Finding[]> => {
  try {
    const connection = await fleet.connection(name, "work");
    const findings = await connection.doctor(signal);
    return [{ level: "ok", about: `provider ${name}`, message: `answers, account ${connection.account}` }, ...findings];
  } catch (thrown) {
    return [findingOf(`provider ${name}`, thrown)];
  }
};
