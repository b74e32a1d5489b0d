import { createHash } from "node:crypto";
import { contentOf } from "../../src/toy/toy-vm.ts";
import type { CrashWorld } from "./crash-world.ts";

/** Machine → its power state. */
export type Powers = Readonly<Record<string, string>>;

export const powersOf = ({ cloud }: CrashWorld): Powers =>
  Object.fromEntries([...cloud.vms.values()].map(({ id, power }) => [id, power]));

/** A digest of what each machine holds. */
export const contentsOf = ({ cloud }: CrashWorld): readonly string[] =>
  [...cloud.vms.values()].map((vm) => `${vm.id} ${createHash("sha1").update(contentOf(vm)).digest("hex")}`).sort();

export const frozenIn = ({ cloud, services }: CrashWorld): readonly string[] => [
  ...[...cloud.vms.values()].filter(({ frozen }) => frozen).map(({ name }) => name),
  ...services.frozen,
];
