import type { Consistency, RunSummary } from "@quiesce/core";
import { contentOf } from "../../src/toy/toy-vm.ts";
import { policyOf } from "./policy-of.ts";
import { same, unless, type Law } from "./law.ts";
import type { Played } from "./play.ts";
import { powersOf } from "./powers.ts";
import { ownedIn } from "./world-laws.ts";

/** One broken window is repeated; after a second death the content may be worth less, and says so. */
const mayBeLess = ({ deaths }: Played): boolean => deaths.length > 1;

const rowsOf = ({ instances }: RunSummary, less: boolean): readonly string[] =>
  instances
    .map(
      ({ instance, operation, status }) =>
        `${instance} ${operation} ${less && status === "degraded" ? "succeeded" : status}`,
    )
    .sort();

const statusOf = ({ status, instances }: RunSummary, less: boolean): string =>
  less && status === "partial" && instances.some((row) => row.status === "degraded") ? "succeeded" : status;

const madeIn = ({ world }: Played): readonly string[] =>
  ownedIn(world)
    .filter(({ use }) => use !== "recovery")
    .map(({ kind, owner, tag }) => `${kind} of ${owner} by ${tag.run}`)
    .sort();

const filesIn = ({ world }: Played): readonly string[] => world.repository.files().toSorted();

const isSameContent = (a: Played, b: Played): boolean =>
  [...a.world.cloud.vms.values()].every((vm) => {
    const other = b.world.cloud.vms.get(vm.id);
    return other !== undefined && Buffer.from(contentOf(vm)).equals(contentOf(other));
  });

const order: readonly (Consistency | undefined)[] = ["app", "fs", "memory", "offline", "paused", "crash"];

const isWorth = (now: Consistency | undefined, plain: Consistency | undefined, less: boolean): boolean =>
  now === plain || (less && order.indexOf(now) > order.indexOf(plain));

/** A run that died and went on ends as the one that did not die. */
const goesOnAsIfNothingWas =
  (plain: Played): Law =>
  (played) => {
    const { summary } = played;
    if (summary === undefined || plain.summary === undefined || policyOf(played) === "compensate") return [];
    const less = mayBeLess(played);
    const labels = new Map(plain.summary.instances.map((row) => [`${row.instance} ${row.operation}`, row.consistency]));
    return [
      ...same(statusOf(summary, less), plain.summary.status, "status, and without a crash"),
      ...same(rowsOf(summary, less), rowsOf(plain.summary, less), "rows, and without a crash"),
      ...summary.instances.flatMap(({ instance, operation, consistency }) =>
        unless(
          isWorth(consistency, labels.get(`${instance} ${operation}`), less),
          `${instance} is ${consistency}, and without a crash ${labels.get(`${instance} ${operation}`)}`,
        ),
      ),
      ...same(madeIn(played), madeIn(plain), "artefacts, and without a crash"),
      ...same(filesIn(played), filesIn(plain), "files, and without a crash"),
      ...same(powersOf(played.world), powersOf(plain.world), "power, and without a crash"),
      ...(played.asked.workflow === "backup"
        ? []
        : unless(isSameContent(played, plain), "the content differs from that without a crash")),
    ];
  };

/** For runs without faults and cancels. */
export const deathLaws = (plain: Played): Readonly<Record<string, Law>> => ({
  goesOnAsIfNothingWas: goesOnAsIfNothingWas(plain),
});
