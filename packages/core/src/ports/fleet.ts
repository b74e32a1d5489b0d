import type { ProviderName } from "../model/id.ts";
import type { Connection } from "../plugin/plugin.ts";
import type { Runner } from "../plugin/runner.ts";
import type { Lane } from "../plugin/context.ts";

/** Open connections by provider and lane, one each, opened when first asked for and kept. */
export interface Fleet {
  /** Throws QuiesceError for a config that is wrong, ProviderFailure for a provider that does not answer. */
  connection(provider: ProviderName, lane: Lane): Promise<Connection>;
  runner(name: string): Promise<Runner>;
  close(): Promise<void>;
}
