import { isDeepStrictEqual } from "node:util";
import type { Item, ManifestItem, RunSummary } from "@quiesce/core";
import type { CrashWorld } from "./crash-world.ts";
import { lawOfRuns, same, unless } from "./law.ts";
import { olderName, setNamed } from "./plan-in.ts";
import { isThere } from "./result-laws.ts";
import { setsIn } from "./world-laws.ts";
import type { Taken } from "./witness.ts";

/** What was really taken for an item of a set. */
const takenFor = ({ witness }: CrashWorld, { artefacts }: Pick<ManifestItem, "artefacts">): Taken | undefined =>
  artefacts.flatMap(({ id }) => witness.taken.get(id) ?? [])[0];

/** Disk → its bytes, as a restore would get them. */
const restorable = async (
  { cloud, repository }: CrashWorld,
  { artefacts }: Pick<ManifestItem, "artefacts">,
): Promise<ReadonlyMap<string, Uint8Array>> => {
  const content = new Map<string, Uint8Array>();
  for (const { kind, id, name } of artefacts) {
    for (const [disk, bytes] of cloud.snapshots.get(id)?.content ?? []) content.set(disk, bytes);
    if (kind === "disk") content.set(name, await repository.readFile(id));
  }
  return content;
};

const sorted = (content: ReadonlyMap<string, Uint8Array>) =>
  [...content].map(([name, bytes]) => [name, Buffer.from(bytes)] as const).sort(([a], [b]) => (a < b ? -1 : 1));

const isWhole = ({ status, instances }: RunSummary): boolean =>
  status === "succeeded" ||
  (status === "partial" && instances.every((row) => isThere(row) || row.status === "skipped"));

const setsHoldWhatTheySay = lawOfRuns(async ({ world, summary }) => {
  if (summary.status === "running") return [];
  const broken: string[] = [];
  for (const { name, items, complete, id } of await setsIn(world)) {
    // A removal that failed half-way leaves a set that can only be removed.
    if (summary.workflow === "remove_backup" && id === summary.backup?.id) continue;
    if (complete && items.some(({ status }) => status !== "ok")) broken.push(`${name} is called complete`);
    if (complete && id === summary.backup?.id && summary.workflow === "backup")
      broken.push(...unless(isWhole(summary), `${name} is complete, its run ${summary.status}`));
    for (const item of items.filter(({ artefacts, status }) => artefacts.length > 0 && status === "ok")) {
      const taken = takenFor(world, item);
      const whole =
        taken !== undefined && isDeepStrictEqual(sorted(taken.content), sorted(await restorable(world, item)));
      broken.push(
        ...unless(whole, `${name}: what is stored of ${item.instance} is not what it had`),
        ...unless(item.consistency !== "fs" || taken?.frozen === true, `${name}: ${item.instance} was not frozen`),
      );
    }
  }
  return broken;
});

const rowsAgreeWithTheSet = lawOfRuns(async ({ world, summary }) => {
  if (summary.workflow !== "backup" || summary.status === "running") return [];
  const set = (await setsIn(world)).find(({ id }) => id === summary.backup?.id);
  const creates = summary.instances.filter((row) => row.operation.endsWith(".create") && isThere(row));
  const row = ({ instance, consistency, artefacts }: Item | ManifestItem): string =>
    `${instance} ${consistency} ${artefacts.map(({ id }) => id).join(" ")}`;
  const items = set?.items.filter(({ status }) => status === "ok") ?? [];
  return same(creates.map(row).sort(), items.map(row).sort(), "rows and items");
});

const rowsOfPowerAreTrue = lawOfRuns(({ world, summary, before }) =>
  summary.instances.flatMap(({ instance, operation, status }) => {
    const power = world.cloud.vms.get(`vm-${instance}`)?.power;
    const was = before.powers[`vm-${instance}`];
    if (operation === "suspend" && status === "succeeded")
      return unless(power === (was === "off" ? "off" : "suspended"), `${instance} is ${power}, not suspended`);
    if (operation === "suspend" && status !== "failed") return same(power, was, `${instance}: power now and before`);
    if (operation === "resume" && status === "succeeded")
      return unless(power === (was === "off" ? "off" : "running"), `${instance} is ${power}, not resumed`);
    return [];
  }),
);

const restoredIsThere = lawOfRuns(async ({ world, summary, asked }) => {
  if (asked.workflow !== "restore") return [];
  const { items } = await setNamed(world, olderName);
  return summary.instances.flatMap(({ instance, operation, status }) => {
    if (!operation.endsWith(".restore") || status !== "succeeded") return [];
    const item = items.find((one) => one.instance === instance);
    const taken = item && takenFor(world, item);
    const vm = world.cloud.vms.get(`vm-${instance}`);
    if (vm === undefined || taken === undefined) return [];
    const now = new Map([...vm.disks].map(([name, { bytes }]) => [name, bytes]));
    return unless(isDeepStrictEqual(sorted(now), sorted(taken.content)), `${instance} has not what the set holds`);
  });
});

const removedIsGone = lawOfRuns(async ({ world, summary, asked }) => {
  if (asked.workflow !== "remove_backup" || summary.status !== "succeeded") return [];
  return unless(
    (await setsIn(world)).every(({ name }) => name !== olderName),
    "a removed set is still listed",
  );
});

export const contentLaws = {
  setsHoldWhatTheySay,
  rowsAgreeWithTheSet,
  rowsOfPowerAreTrue,
  restoredIsThere,
  removedIsGone,
};
