import fc from "fast-check";
import {
  kinds,
  operations,
  operationsOf,
  type Capability,
  type Kind,
  type Matrix,
  type Operation,
} from "@quiesce/core";
import type { Wildness } from "./plan-request.ts";

const refusing = fc.constantFrom<Capability>(
  { mode: "no-api", reason: "the provider has no call for it" },
  { mode: "not-applicable", reason: "the provider has nothing like it" },
);
const working: Capability = { mode: "supported", since: "0.1.0" };

const holds: Capability = { mode: "supported", since: "0.1.0", holds: true };

const anyCell: fc.Arbitrary<Capability> = fc.oneof(
  { arbitrary: fc.constant(working), weight: 4 },
  refusing,
  fc.constantFrom<Capability>({ mode: "by-vm", since: "0.1.0" }, { mode: "by-compare", since: "0.1.0" }),
  fc.record({
    mode: fc.constant("bypassed" as const),
    since: fc.constant("0.1.0"),
    via: fc.record({ kind: fc.constantFrom(...kinds), operation: fc.constantFrom(...operations) }),
    reason: fc.constant("another way"),
  }),
);

/** What a provider may well declare: a freeze has its thaw, a machine does not ask its machine. */
const saneCell = (kind: Kind, operation: Operation): fc.Arbitrary<Capability> => {
  if (kind === "vm" && (operation === "suspend" || operation === "resume")) return fc.constant(working);
  if (kind === "volume") return fc.constantFrom<Capability>(working, working, { mode: "by-vm", since: "0.1.0" });
  if (kind === "network" && operation.endsWith(".restore"))
    return fc.constantFrom<Capability>(working, { mode: "by-compare", since: "0.1.0" });
  return fc.oneof({ arbitrary: fc.constant(working), weight: 6 }, refusing);
};

const row = (kind: Kind, cell: (operation: Operation) => fc.Arbitrary<Capability>): fc.Arbitrary<object> =>
  fc.record(Object.fromEntries(operationsOf(kind).map((operation) => [operation, cell(operation)])));

/** A capability table. */
export const anyMatrix = (wildness: Wildness): fc.Arbitrary<Matrix> => {
  const cell = (kind: Kind) => (operation: Operation) => {
    const some = wildness === "sane" ? saneCell(kind, operation) : anyCell;
    return operation === "backup.create" ? fc.oneof({ arbitrary: some, weight: 2 }, fc.constant(holds)) : some;
  };
  const table = fc.record({
    vm: row("vm", cell("vm")),
    volume: row("volume", cell("volume")),
    network: row("network", cell("network")),
  }) as unknown as fc.Arbitrary<Matrix>;
  return wildness === "wild" ? table : table.map(withThaw);
};

const withThaw = (matrix: Matrix): Matrix =>
  matrix.vm.freeze.mode === "supported" ? { ...matrix, vm: { ...matrix.vm, thaw: working } } : matrix;
