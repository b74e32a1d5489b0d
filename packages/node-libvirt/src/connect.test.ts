import { expect, test } from "vitest";
import { connected } from "../test/connected.ts";
import { openSession, startDaemon, type ArrivedCall } from "../test/scripted-daemon.ts";
import { procedures } from "./protocol/procedures.ts";

const domain = { name: "db", uuid: "6695eb01-f6a4-8304-79aa-97f2502e193f", id: 3 };

/** Arguments that any reading call can encode: a name or UUID where it takes text, a reference to anything else. */
const anything = { ...domain, pool: "pool", key: "key", domain };
const argumentsFor: Readonly<Record<string, readonly unknown[]>> = {
  byUuid: [domain.uuid],
  byKey: ["key"],
  byPath: ["/path"],
  metadata: [domain, "urn:x"],
};

const argumentsOf = (group: string, name: string): readonly unknown[] => {
  if (group === "host") return [];
  if (group === "saveImages") return name === "xml" ? ["/path"] : [anything];
  if (group === "blockJobs") return [anything, "vda"];
  if (name === "list") return ["domains", "networks", "pools"].includes(group) ? [] : [anything];
  if (name === "byName") return ["domains", "networks", "pools"].includes(group) ? ["name"] : [anything, "name"];
  return argumentsFor[name] ?? [anything];
};

const agentQuestions = ["guest-ping", "guest-fsfreeze-status"];

const changes = ({ procedure, args }: ArrivedCall): boolean => {
  if (procedure !== procedures.qemuDomainAgentCommand) return procedure.effect === "write";
  const { command } = args as { readonly command: string };
  return !agentQuestions.includes((JSON.parse(command) as { readonly execute: string }).execute);
};

test("no call of the reader changes anything", async () => {
  const daemon = await startDaemon((call) => {
    if (!openSession(call)) call.error(1, "enough");
  });
  const { reader } = await connected(daemon.uri);
  const before = daemon.calls.length;
  let calls = 0;
  // A stream begins when its first part is asked for.
  const outcome = (result: unknown): Promise<unknown> =>
    isAsyncIterator(result) ? result.next() : Promise.resolve(result);
  for (const [group, functions] of Object.entries(reader)) {
    for (const [name, read] of Object.entries(functions as Record<string, (...args: unknown[]) => unknown>)) {
      await expect(outcome(read(...argumentsOf(group, name))), `${group}.${name}`).rejects.toMatchObject({
        kind: "libvirt",
      });
      calls++;
    }
  }
  const arrived = daemon.calls.slice(before).filter(({ procedure }) => !sessionProcedures.has(procedure));
  expect(arrived).toHaveLength(calls);
  expect(calls).toBeGreaterThan(50);
  expect(arrived.filter(changes).map(({ procedure }) => procedure.name)).toEqual([]);
});

const isAsyncIterator = (value: unknown): value is AsyncIterator<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

const sessionProcedures = new Set<unknown>([
  procedures.authList,
  procedures.connectOpen,
  procedures.connectSupportsFeature,
  procedures.connectClose,
]);
