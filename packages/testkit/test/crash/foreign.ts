import { artefactName, asId, type InstanceId, type RunId } from "@quiesce/core";
import type { ToyCloud } from "../../src/index.ts";
import { diskBytes } from "../../src/toy/toy-vm.ts";
import type { CaseVm } from "./crash-case.ts";

const written = Buffer.alloc(diskBytes, "somebody else's data ");
const rule = { max: 63, allow: /[a-z0-9-]/ };

/** Objects of another store and of nobody, under the very names that this run will give. */
export const plantForeign = (cloud: ToyCloud, vms: readonly CaseVm[], backup: string, run: RunId): void => {
  for (const { name: vm } of vms) {
    const id = `vm-${vm}`;
    const name = artefactName(backup, run, asId<InstanceId>(vm), rule);
    for (const tag of [`elsewhere/shop/${run}`, "somebody else"]) {
      const thing = { id: `foreign ${tag} ${vm}`, name, tag, vm: id };
      cloud.snapshots.set(thing.id, { ...thing, content: new Map(), frozen: false });
      cloud.backups.points.set(thing.id, { ...thing, dirty: new Map() });
      cloud.backups.scratch.set(thing.id, thing);
      cloud.disks.add(`${name}-root`, tag).bytes.set(written);
    }
  }
};

/** What is there that is not this store's; the same before and after every run. */
export const foreignIn = ({ snapshots, backups, disks }: ToyCloud, store: string): readonly string[] => {
  const isForeign = ({ tag }: { readonly tag?: string | undefined }): boolean =>
    tag !== undefined && !tag.startsWith(`${store}/`);
  return [
    ...[...snapshots.values(), ...backups.points.values(), ...backups.scratch.values(), ...backups.jobs.values()]
      .filter(isForeign)
      .map(({ id, name }) => `${id} ${name}`),
    ...[...disks.all.values()].filter(isForeign).map(({ id, bytes }) => `${id} ${written.equals(bytes)}`),
  ].sort();
};
