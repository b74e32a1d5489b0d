import type { Call } from "../model/deployment.ts";
import { asId, type Account, type StepKey } from "../model/id.ts";
import type { JsonObject } from "../model/json.ts";
import type { Some } from "../model/some.ts";
import type { Operation } from "../vocabulary/operation.ts";
import type { Member } from "./member.ts";
import type { Covered, Step } from "./plan.ts";
import type { Route } from "./route.ts";
import { shapeOf } from "./shape.ts";
import { compareTitleOf, titleOf } from "./title.ts";
import type { World } from "./world.ts";

type Base = Omit<Extract<Step, { does: "cell" }>, "does" | "owes">;

/** `<operation>/<instance>`; the second call of a binding is `<operation>.2/<instance>`. */
export const stepKey = (operation: string, member: Pick<Member, "id">, call = 0): StepKey =>
  asId<StepKey>(`${operation}${call === 0 ? "" : `.${call + 1}`}/${member.id}`);

/** The parts that every step has, filled from its operation. */
export const baseOf = (world: World, member: Member, operation: Operation, input: JsonObject): Base => ({
  ...common(world, member, operation),
  ...(member.provider === undefined ? {} : { provider: member.provider }),
  key: stepKey(operation, member),
  title: titleOf(operation, member.target, setOf(world)),
  account: member.account,
  input: withExtra(world, operation, input),
});

/** The parts of a step that a runner does: its own account, and every parameter of the workflow unchanged. */
export const callBaseOf = (
  world: World,
  member: Member,
  operation: Operation,
  call: Call,
  index: number,
  input: JsonObject = {},
): Base => ({
  ...common(world, member, operation),
  ...(member.provider === undefined ? {} : { provider: member.provider }),
  key: stepKey(operation, member, index),
  title: `${titleOf(operation, member.target, setOf(world))} by ${call.name}`,
  account: runnerAccount(call),
  input: runnerInput(world, operation, input),
});

// Most steps read and cover nothing: one empty object for all of them.
const reads: Base["reads"] = {};
const covers: Base["covers"] = [];

const common = ({ options }: World, { target }: Member, operation: Operation) => {
  const { risk, timeoutMs, retry } = shapeOf(operation, options);
  return { targets: [target], operation, reads, risk, timeoutMs, retry, onFailure: "unit", covers } as const;
};

/** What a provider's operation gets: core's input beside the plugin's own options. */
export const withExtra = ({ options }: World, operation: Operation, input: JsonObject): JsonObject => {
  const extra = options.extra[operation];
  return extra === undefined ? input : { ...input, extra };
};

/** Scripts of one runner share a limit of their own, apart from the provider's. */
export const runnerAccount = ({ runner }: Call): Account => asId<Account>(`runner:${runner}`);

export const runnerInput = (world: World, operation: Operation, input: JsonObject = {}): JsonObject => ({
  operation,
  parameters: world.options.parameters,
  ...input,
});

/** The steps of a route. A route that another step does has none. */
export const stepsFor = (
  world: World,
  member: Member,
  route: Route,
  operation: Operation,
  input: JsonObject,
  covers: readonly Covered[],
): readonly Step[] => {
  switch (route.by) {
    case "provider":
      return [
        operation.endsWith(".create")
          ? { ...baseOf(world, member, operation, input), does: "capture", covers }
          : { ...baseOf(world, member, operation, input), does: "cell", covers },
      ];
    case "compare":
      return [
        {
          ...baseOf(world, member, operation, input),
          does: "compare",
          title: compareTitleOf(operation, member.target, setOf(world)),
          risk: "safe",
          onFailure: "note",
          covers,
        },
      ];
    case "calls":
      return callSteps(world, member, operation, route.calls);
    case "vm":
    case "other-cell":
      return [];
  }
};

const callSteps = (world: World, member: Member, operation: Operation, calls: Some<Call>): readonly Step[] =>
  calls.map((call, index) => ({ ...callBaseOf(world, member, operation, call, index), does: "call", call }));

const setOf = ({ workflow, options }: World): string =>
  workflow === "backup" ? options.name : (options.from?.name ?? "");
