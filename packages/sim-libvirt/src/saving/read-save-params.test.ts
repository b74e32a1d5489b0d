import type { TypedParam } from "@quiesce/node-libvirt/protocol";
import { expect, test } from "vitest";
import { readSaveParams } from "./read-save-params.ts";

const text = (field: string, value: string): TypedParam => ({ field, value: { type: "string", value } });

test("path and definition are read, in any order", () => {
  expect(readSaveParams([text("dxml", "<domain/>"), text("file", "/m")])).toEqual({ path: "/m", xml: "<domain/>" });
  expect(readSaveParams([text("file", "/m")])).toEqual({ path: "/m", xml: undefined });
});

test("what libvirt refuses is refused in its words", () => {
  const read =
    (...params: readonly TypedParam[]) =>
    () =>
      readSaveParams(params);
  expect(read(text("file", "/m"), text("nonsense", "x"))).toThrow(
    "argument unsupported: parameter 'nonsense' not supported",
  );
  expect(read({ field: "dxml", value: { type: "int", value: 3 } })).toThrow(
    "invalid argument: invalid type 'int' for parameter 'dxml', expected 'string'",
  );
  expect(read(text("file", "/m"), text("file", "/x"))).toThrow(
    "invalid argument: parameter 'file' occurs multiple times",
  );
});
