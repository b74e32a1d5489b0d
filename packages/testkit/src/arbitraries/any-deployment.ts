import fc from "fast-check";
import {
  asId,
  operations,
  type Call,
  type Deployment,
  type Instance,
  type InstanceId,
  type InstanceKind,
  type Operation,
  type Provider,
  type ProviderName,
  type Quiesce,
  type Relation,
  type Site,
  type Some,
} from "@quiesce/core";
import type { Wildness } from "./plan-request.ts";

export const providerNames = ["p0", "p1"] as const;
export const runnerNames = ["script", "ssh"] as const;
/** The first ones are names that every object inherits. */
const nasty = ["__proto__", "constructor", "toString", "a/b", "a b", "", "ü", "a.2"] as const;

const anyCall: fc.Arbitrary<Call> = fc.record({
  runner: fc.constantFrom(...runnerNames),
  name: fc.constantFrom("stop", "start"),
  with: fc.constant({}),
});
const anyCalls = fc.array(anyCall, { minLength: 1, maxLength: 2 }) as unknown as fc.Arbitrary<Some<Call>>;

const anyBound = (wildness: Wildness): fc.Arbitrary<Instance["bound"]> =>
  wildness === "wild"
    ? fc.dictionary(fc.constantFrom<Operation>(...operations), anyCalls, { maxKeys: 3 })
    : fc.oneof(
        { arbitrary: fc.constant({}), weight: 4 },
        fc.tuple(anyCall, anyCall).map(([freeze, thaw]) => ({ freeze: [freeze], thaw: [thaw] }) as const),
        anyCalls.map((calls) => ({ suspend: calls, resume: calls })),
      );

const anyKind = fc.constantFrom<InstanceKind>("vm", "vm", "volume", "network", "other");

const anyInstance = (id: string, at: number, ids: readonly string[], wildness: Wildness): fc.Arbitrary<Instance> => {
  const others = wildness === "wild" ? [...ids, "nobody"] : ids.slice(0, at);
  const anyRelation: fc.Arbitrary<Relation> = fc.record({
    type: fc.constantFrom("depends_on", "connected_to", "contained_in", "attached_to"),
    to: fc.constantFrom(...(others.length === 0 ? [id] : others)).map((to) => asId<InstanceId>(to)),
  });
  return anyKind.chain((kind) =>
    fc
      .record({
        provider: fc.constantFrom(...providerNames),
        providerId: fc.option(fc.constantFrom("x0", "x1"), { nil: undefined }),
        relations: fc.array(anyRelation, { maxLength: others.length === 0 ? 0 : 2 }),
        bound: anyBound(wildness),
        skip: fc.subarray<Operation>(["freeze", "snapshot.create", "suspend"], {
          maxLength: wildness === "wild" ? 3 : 1,
        }),
        skips: fc.boolean(),
        quiesce: fc.option(fc.constantFrom<Quiesce>("auto", "required", "try", "off"), { nil: undefined, freq: 4 }),
        nowhere: fc.boolean(),
      })
      .map(({ provider, providerId, relations, bound, skip, skips, quiesce, nowhere }): Instance => ({
        id: asId<InstanceId>(id),
        kind,
        // In a sane deployment one provider serves all, so that relations stay at one site.
        ...(kind === "other" || (wildness === "wild" && nowhere)
          ? {}
          : { provider: asId<ProviderName>(wildness === "wild" ? provider : providerNames[0]) }),
        ...(providerId === undefined ? {} : { providerId }),
        properties: { size: at },
        relations,
        bound,
        skip: skips ? skip : [],
        ...(quiesce === undefined || (wildness === "sane" && quiesce === "required") ? {} : { quiesce }),
      })),
  );
};

/** A deployment of up to seven instances. */
export const anyDeployment = (wildness: Wildness): fc.Arbitrary<Deployment> => {
  const names =
    wildness === "wild"
      ? fc.constantFrom("i0", "i1", "i2", "i3", "i4", ...nasty)
      : fc.constantFrom("i0", "i1", "i2", "i3", "i4", "i5", "i6");
  return fc
    .uniqueArray(names, { minLength: wildness === "wild" ? 0 : 2, maxLength: 7 })
    .chain((ids) => fc.tuple(...ids.map((id, at) => anyInstance(id, at, ids, wildness))))
    .chain((instances) =>
      fc.constantFrom("west", "east").map((second) => ({
        id: asId<Deployment["id"]>("shop"),
        providers: Object.fromEntries([
          [providerNames[0], provider("east")],
          [providerNames[1], provider(second)],
        ]),
        instances: Object.fromEntries(instances.map((instance) => [instance.id, instance])),
      })),
    );
};

const provider = (site: string): Provider => ({ plugin: "toy", site: asId<Site>(site), config: {} });
