import type { CrashWorld } from "./crash-world.ts";

/** Machine → its power state. */
export type Powers = Readonly<Record<string, string>>;

export const powersOf = ({ cloud }: CrashWorld): Powers =>
  Object.fromEntries([...cloud.vms.values()].map(({ id, power }) => [id, power]));

export const frozenIn = ({ cloud, services }: CrashWorld): readonly string[] => [
  ...[...cloud.vms.values()].filter(({ frozen }) => frozen).map(({ name }) => name),
  ...services.frozen,
];
