import { expect, test } from "vitest";
import { eventMessages, findEventMessage, findProcedure, procedures, programs, type Procedure } from "./index.ts";

const all = Object.values<Procedure>(procedures);

test("no two procedures share a number or a name", () => {
  expect(new Set(all.map(({ program, proc }) => `${program}/${proc}`)).size).toBe(all.length);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});

test("a procedure is found by its number", () => {
  for (const procedure of all) expect(findProcedure(procedure.program, procedure.proc)).toBe(procedure);
  expect(findProcedure(programs.remote, 9999)).toBeUndefined();
  expect(findProcedure(programs.keepalive, 1)).toBeUndefined();
});

test("an event message is found by its number", () => {
  for (const event of Object.values(eventMessages)) expect(findEventMessage(event.program, event.proc)).toBe(event);
  expect(findEventMessage(programs.remote, 14)).toBeUndefined();
});
