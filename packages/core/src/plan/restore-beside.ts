import { effectiveCell, modeOf } from "./cell.ts";
import type { Coverage } from "./cover.ts";
import { omit } from "./findings.ts";
import type { Member } from "./member.ts";
import type { Manifest } from "../model/manifest.ts";
import { flawOfName } from "./check-options.ts";
import type { PlanOptions } from "./options.ts";
import type { Planning } from "./world.ts";

/**
 * What takes part in a restore beside the original: a network is compared where it can be, and else left as it is,
 * because its original is still in use.
 */
export const beside = ({ world, findings }: Planning, members: readonly Member[], set: Manifest): readonly Member[] =>
  members.filter((member) => {
    if (member.target.kind !== "network") return true;
    const operation = `${set.kind}.restore` as const;
    const cell = effectiveCell(world, member, operation);
    if (cell.is === "declared" && cell.now.mode === "by-compare") return true;
    omit(
      findings,
      member,
      operation,
      modeOf(cell),
      "nothing-to-do",
      "a restore beside the original changes no network",
    );
    return false;
  });

/** One machine under a name that nobody has: two would need two names, and a snapshot cannot leave its machine. */
export const checkBeside = (
  planning: Planning,
  { name, connect }: NonNullable<PlanOptions["as"]>,
  set: Manifest,
  coverage: Coverage,
): void => {
  const { findings } = planning;
  const networks = connect ? "its networks are connected" : "its networks stay disconnected (--connect connects them)";
  findings.notes.push({ message: `${name} is made beside the original, which is left as it is: ${networks}.` });
  if (set.kind === "snapshot")
    findings.problems.push({
      code: "unsupported",
      message: `Snapshot ${set.name} cannot be restored as ${JSON.stringify(name)}: a snapshot is a part of its machine.`,
      hint: "Restore a backup (--kind backup), or restore in place without --as.",
    });
  checkNewName(planning, name, set);
  const makers = coverage.workers.filter(({ route }) => route.by !== "compare");
  const [only] = makers;
  const isOne = makers.length === 1 && only?.member.target.kind === "vm" && only.route.by === "provider";
  if (isOne || (makers.length === 0 && findings.problems.length > 0)) return;
  const selected = makers.map(({ member }) => `${member.target.kind} ${member.id}`).join(", ");
  findings.problems.push({
    code: "config-invalid",
    message: `--as restores exactly one machine of a provider with what it covers, but selected ${makers.length === 1 ? "is" : "are"} ${selected === "" ? "none" : selected}.`,
    hint: "Select one machine: --include-instances.",
  });
};

/** By every name and id that is known; that the provider knows no other machine of this name, its plugin checks. */
const checkNewName = ({ world, findings }: Planning, name: string, set: Manifest): void => {
  const why = flawOfName(name);
  if (why !== undefined) {
    findings.problems.push({
      code: "config-invalid",
      message: `${JSON.stringify(name.slice(0, 80))} cannot name a restored machine: ${why}.`,
      hint: "Use letters, digits, dots and dashes.",
    });
    return;
  }
  const taken = [
    ...[...world.instances.values()].flatMap(({ id, providerId }) => [id, providerId]),
    ...[...world.surveys.values()].flatMap((survey) => [survey.name, survey.providerId]),
    ...set.items.flatMap(({ instance, providerId }) => [instance, providerId]),
  ];
  if (taken.includes(name))
    findings.problems.push({
      code: "name-taken",
      message: `There is a ${JSON.stringify(name)} already: a machine restored beside its original needs a name of its own.`,
      hint: "Choose another name for --as.",
    });
};
