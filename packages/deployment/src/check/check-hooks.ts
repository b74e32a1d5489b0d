import { operations, operationsOf, type InstanceKind } from "@quiesce/core";
import { suggestion } from "../problem/closest.ts";
import { quoted } from "../problem/quoted.ts";
import type { Written } from "../schema/read-written.ts";
import type { Source } from "../source/read-source.ts";
import { pathText, type Path } from "../source/spot.ts";
import type { Targets } from "./targets.ts";

/** A hook while it is checked: which keys it has, wherever they are wrong in themselves. */
interface Hook {
  readonly where: string;
  has(key: string): boolean;
  /** Without a key, at the hook itself. */
  report(key: string | undefined, message: string, hint: string): void;
}

const checkReach = ({ where, has, report }: Hook): void => {
  if (has("ssh") === has("local"))
    report(
      undefined,
      `${where} must have exactly one of ssh and local`,
      "Write ssh: {…} to run on a host, or local: true to run where Quiesce runs.",
    );
};

const checkHold = ({ where, has, report }: Hook): void => {
  if (!has("freeze")) report("hold", `${where}.hold needs a freeze command that holds`, "Add freeze.");
  if (has("thaw"))
    report("thaw", `${where}.thaw cannot stand beside hold`, "Remove it: closing the freeze command's input thaws.");
  if (has("self_thaw"))
    report("self_thaw", `${where}.self_thaw cannot stand beside hold`, "Remove it: a hold ends with its connection.");
};

const checkPair = ({ where, has, report }: Hook): void => {
  if (has("freeze") && !has("thaw"))
    report("freeze", `${where}.freeze has no thaw, which would leave it frozen`, "Add thaw, or hold: true.");
  if (has("thaw") && !has("freeze")) report("thaw", `${where}.thaw has no freeze`, "Add freeze, or remove thaw.");
};

const checkExtras = ({ where, has, report }: Hook): void => {
  if (has("status") && !has("freeze"))
    report("status", `${where}.status tells whether it is frozen, but there is no freeze`, "Add freeze.");
  if (has("self_thaw") && !has("ssh"))
    report("self_thaw", `${where}.self_thaw needs ssh: its timer runs on the host`, "Remove it.");
  if (has("self_thaw") && !has("freeze"))
    report("self_thaw", `${where}.self_thaw undoes a freeze, but there is none`, "Add freeze and thaw, or remove it.");
};

const checkOperations = ({ where, has, report }: Hook, kind: InstanceKind | undefined): void => {
  const performed = operations.filter(has);
  if (performed.length === 0)
    report(undefined, `${where} performs no operation`, `Add one of ${operations.join(", ")}.`);
  const possible = kind === undefined || kind === "other" ? operations : operationsOf(kind);
  for (const operation of performed)
    if (!possible.includes(operation))
      report(
        operation,
        `${where} performs ${operation}, which the kind ${kind} does not have`,
        `Operations of the kind ${kind}: ${possible.join(", ")}.`,
      );
};

const checkOwner = (on: string | undefined, owner: Path, targets: Targets, source: Source): void => {
  if (on === undefined || targets.instances.has(on)) return;
  const path = [...owner, "on"];
  const what = targets.selectors.has(on)
    ? `the selector ${quoted(on)}, but a hook serves one instance`
    : `${quoted(on)}, which is no instance of this file`;
  source.problems.at(source.root, path, {
    message: `${pathText(path)} names ${what}`,
    hint: () => suggestion(on, [...targets.instances], "instances"),
  });
};

/** Reports what does not fit together in a hook, or to the instance that it serves. */
export const checkHooks = (written: Written, targets: Targets, source: Source): void => {
  for (const [name, { given, values }] of written.parts.hooks) {
    const owner = ["hooks", name];
    const hook: Hook = {
      where: pathText(owner),
      has: (key) => given.has(key),
      report: (key, message, hint) =>
        source.problems.at(source.root, key === undefined ? owner : [...owner, key], { message, hint, atKey: true }),
    };
    checkOwner(values.on, owner, targets, source);
    checkReach(hook);
    if (hook.has("hold")) checkHold(hook);
    else checkPair(hook);
    checkExtras(hook);
    checkOperations(hook, values.on === undefined ? undefined : written.parts.instances.get(values.on)?.values.kind);
  }
};
