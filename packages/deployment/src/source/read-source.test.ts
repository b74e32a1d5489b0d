import { expect, test } from "vitest";
import { inFile, problemLines } from "../../test/problem-lines.ts";

const yaml = "Correct the YAML here.";
const cases: readonly (readonly [what: string, text: string, ...problems: string[]])[] = [
  ["an empty file", "", "1:1 The file must be a map, not empty"],
  ["a list", "- a", "1:1 The file must be a map, not a list"],
  [
    "a quote that is not closed",
    'quiesce: 1\nname: "shop',
    `2:12 A character is missing here: a closing quote or bracket, a comma, or the : after a key | ${yaml}`,
  ],
  [
    "JSON that lacks a comma",
    '{ "quiesce": 1 "name": "x" }',
    "1:14 A block list or map cannot stand inside [ ] or { } | Check the commas, quotes and brackets here.",
  ],
  ["a tab", "quiesce: 1\ninstances:\n\ta: b", "3:1 A tab is used as indentation | Use spaces."],
  [
    "a second document",
    "quiesce: 1\n---\nquiesce: 1",
    "2:1 The file holds more than one document (---) | Keep one deployment in a file.",
  ],
  ["an unknown tag", inFile("instances: !secret x"), "4:12 This tag (!name) is not known | Remove the tag."],
  [
    "YAML 1.1",
    "%YAML 1.1\n---\nquiesce: 1",
    "1:1 The file asks for YAML 1.1, in which words such as on, off and no change their meaning | Remove the %YAML line: files are read as YAML 1.2.",
  ],
  [
    "a key that is set twice",
    inFile("instances:\n  db: { kind: other }\n  web: { kind: other }\n  db: { kind: other }"),
    "7:3 This key is set twice, first on line 5 | Remove one of the two.",
  ],
  [
    "a key that is no text",
    inFile("instances: { db: { kind: other }, [a]: { kind: other } }"),
    "4:35 A key must be a plain text | Write the key as one word.",
  ],
  [
    "the key __proto__",
    inFile("instances: { db: { kind: other, properties: { __proto__: { a: 1 } } } }"),
    "4:47 A key must be a plain text | Write the key as one word.",
  ],
  [
    "an alias without an anchor",
    inFile("instances: { db: *base }"),
    "4:18 This alias has no anchor above it | An alias *name repeats a value that is marked with &name above it.",
  ],
  [
    "an alias inside of its own value",
    inFile("instances: { db: &a { kind: other, properties: { x: *a } } }"),
    "4:53 This alias lies inside the value that it stands for | An alias *name repeats a value that is marked with &name above it.",
  ],
  [
    "a merge of what is no map",
    inFile("instances: { db: { kind: other, <<: [1] } }"),
    "4:37 What << merges is not a map | Write <<: *name, where &name marks a map above it.",
  ],
  [
    "numbers that JSON cannot keep",
    inFile("instances: { db: { kind: other, properties: { a: 12345678901234567890, b: .inf, c: .nan } } }"),
    "4:50 This number cannot be kept exactly | Put it in quotes if it is a name, or use a smaller one.",
    "4:75 This number cannot be kept exactly | Put it in quotes if it is a name, or use a smaller one.",
    "4:84 This number cannot be kept exactly | Put it in quotes if it is a name, or use a smaller one.",
  ],
];

/** A correct file whose provider has this config; it begins in line 4. */
const inConfig = (lines: readonly string[]): string =>
  `quiesce: 1\nname: shop\nproviders: { hv1: { plugin: libvirt,\n  ${lines.join(",\n  ")} } }\ninstances: { a: { kind: other } }`;

test("refuses an alias bomb in a part that only the plugin checks", async () => {
  const bomb = Array.from({ length: 30 }, (_, index) => {
    const items = Array(8).fill(index === 0 ? "x" : `*a${index - 1}`);
    return `a${index}: &a${index} [${items.join(", ")}]`;
  });
  const why = "This part of the file holds more than 100000 values, its aliases written out";
  const problems = await problemLines(inConfig(bomb));
  expect(problems.map((problem) => problem.split(" | ")[0])).toEqual([
    `3:19 ${why}`,
    `9:11 ${why}`,
    `15:13 ${why}`,
    `21:13 ${why}`,
    `27:13 ${why}`,
    `33:13 ${why}`,
  ]);
});

test("refuses what is nested too deeply, in itself or by its aliases", async () => {
  const chain = Array.from({ length: 80 }, (_, i) => `a${i}: &a${i} [${i === 0 ? "x" : `*a${i - 1}`}]`);
  expect(await problemLines(inConfig(chain))).toEqual([
    "3:19 This part of the file is nested more than 64 levels deep, its aliases written out | Use fewer levels and fewer aliases, or split the deployment.",
    "68:13 This part of the file is nested more than 64 levels deep, its aliases written out | Use fewer levels and fewer aliases, or split the deployment.",
  ]);
  expect(await problemLines(inConfig([`a: ${"[".repeat(62)}${"]".repeat(62)}`]))).toEqual([
    "4:67 Lists and maps are nested more than 64 levels deep | A deployment file needs few levels; check the brackets.",
  ]);
  expect(await problemLines(inConfig([`a: ${"[".repeat(61)}${"]".repeat(61)}`]))).toEqual([]);
});

test.for(cases)("refuses %s", async ([, text, ...problems]) => {
  expect(await problemLines(text)).toEqual(problems);
});

test("a character before the file's first one (BOM) does not matter", async () => {
  expect(await problemLines(`\uFEFF${inFile("instances: { db: { kind: other } }")}`)).toEqual([]);
});

test("of very many problems the first hundred are shown, and that there are more", async () => {
  const keys = Array.from({ length: 150 }, (_, index) => `k${index}: 1`).join("\n");
  const problems = await problemLines(inFile(`instances: { db: { kind: other } }\n${keys}`));
  expect(problems).toHaveLength(101);
  expect(problems.at(-1)).toBe(
    "- 50 other problems in /d/quiesce.yaml are not shown | Mend the first ones and read the file again.",
  );
});
