export { capabilities } from "./capabilities.ts";
export { libvirt } from "./plugin.ts";
export type { Config } from "./config.ts";
export type { Options } from "./options.ts";
