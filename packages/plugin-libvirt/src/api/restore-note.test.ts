import { asId, type DeploymentId, type OwnershipTag, type RunId } from "@quiesce/core";
import { expect, test } from "vitest";
import { keptDefinition, readKeptDefinition } from "./kept-definition.ts";
import { isNoted, noteName, noteText, readNote } from "./restore-note.ts";

const tag: OwnershipTag = {
  store: "s--1",
  deployment: asId<DeploymentId>('shop--"x"'),
  run: asId<RunId>("r-1"),
};
const note = { tag, of: "2f9c", base: "quiesce-set-0a1b2c3d" };

test("a note says whose the volumes beside it are, and only under its own name", () => {
  const name = noteName(note.base);
  expect(readNote(noteText(note), name)).toEqual(note);
  expect(readNote(`${noteText(note)}\0\0\0`, name)).toEqual(note);
  expect(readNote(noteText(note), noteName("quiesce-set-ffffffff"))).toBeUndefined();
  for (const text of ["", "{}", "null", noteText(note).slice(0, -1), noteText({ ...note, of: "" })])
    expect(readNote(text, name)).toBeUndefined();
});

test("a note speaks of the volumes whose names begin with its restore's, and of no other", () => {
  for (const name of [
    "quiesce-set-0a1b2c3d-vda.qcow2",
    "quiesce-set-0a1b2c3d-vda.qcow2.part",
    "quiesce-set-0a1b2c3d.part",
  ])
    expect(isNoted(note, name)).toBe(true);
  for (const name of ["quiesce-set-0a1b2c3d", "quiesce-set-0a1b2c3dx-vda", "vda.qcow2", noteName(note.base)])
    expect(isNoted(note, name)).toBe(false);
});

test("a kept definition carries its tag in a comment before it", () => {
  const kept = keptDefinition("<domain/>", tag);
  expect(kept.split("-->")[0]?.slice(4)).not.toContain("--");
  expect(kept.endsWith("\n<domain/>")).toBe(true);
  expect(readKeptDefinition(kept)).toEqual({ tag, definition: "<domain/>" });
  for (const text of ["<domain/>", `<domain/>${kept}`, kept.replace("s\\u002d", "\\x")])
    expect(readKeptDefinition(text)).toEqual({ tag: undefined, definition: text });
});
