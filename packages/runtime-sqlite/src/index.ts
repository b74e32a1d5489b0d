// The inventory of the package's public API.
export { openStore } from "./open-store.ts";
export type { StoreOptions } from "./open-store.ts";
export type { Registered, Registry } from "./registry.ts";
