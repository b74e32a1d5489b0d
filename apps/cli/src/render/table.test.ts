import { expect, test } from "vitest";
import { table } from "./table.ts";

test("columns are as wide as their widest cell, and no line ends with blanks", () => {
  const text = table(
    [{ heading: "NAME" }, { heading: "SIZE", align: "right" }, { heading: "NOTE" }],
    [
      ["db", "12", ""],
      ["webserver", "3", "x"],
    ],
  );
  expect(text).toBe("NAME       SIZE  NOTE\ndb           12\nwebserver     3  x");
});

test("characters are counted as people see them", () => {
  expect(
    table(
      [{ heading: "N" }, { heading: "M" }],
      [
        ["é", "1"],
        ["👩‍💻", "2"],
      ],
    ).split("\n"),
  ).toEqual(["N  M", "é  1", "👩‍💻  2"]);
});
