import { asId, type JsonObject, type PlanOptions, type Provider, type ProviderName } from "@quiesce/core";
import type { WrittenProvider } from "../schema/provider.ts";
import type { Rate } from "../schema/rate.ts";
import type { Written } from "../schema/read-written.ts";
import { absoluteConfig } from "./absolute-config.ts";
import type { SecretUse } from "./secret-use.ts";

/** What a provider block says beside core's `Provider`. */
export interface ProviderTuning {
  readonly rate?: Rate;
  /** Deadlines of one try, in milliseconds; what is not set keeps the default of the plan options. */
  readonly timeoutMs: Partial<PlanOptions["timeoutMs"]>;
}

export interface LinkedProviders {
  readonly providers: Readonly<Record<ProviderName, Provider>>;
  readonly tuning: Readonly<Record<ProviderName, ProviderTuning>>;
  readonly secrets: readonly SecretUse[];
}

const tuningOf = ({ limits, timeouts }: WrittenProvider): ProviderTuning => ({
  ...(limits?.rate === undefined ? {} : { rate: limits.rate }),
  timeoutMs: Object.fromEntries(Object.entries(timeouts ?? {}).filter(([, ms]) => ms !== undefined)),
});

/** Splits each provider block into core's part and the plugin's own config. */
export const linkProviders = (written: Written, baseDir: string): LinkedProviders => {
  const providers: Record<ProviderName, Provider> = {};
  const tuning: Record<ProviderName, ProviderTuning> = {};
  const secrets: SecretUse[] = [];
  for (const [name, block] of written.whole.providers) {
    const { plugin, site = "local", limits, timeouts: _timeouts, ...rest } = block;
    const own = absoluteConfig(baseDir, rest as JsonObject, ["providers", name]);
    const parallel = limits?.parallel === undefined ? {} : { parallel: limits.parallel };
    providers[asId<ProviderName>(name)] = { plugin, site: asId(site), config: own.config, ...parallel };
    tuning[asId<ProviderName>(name)] = tuningOf(block);
    secrets.push(...own.secrets);
  }
  return { providers, tuning, secrets };
};
