import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readDeployment } from "./index.ts";

const bytes = 384 * 1024;
/** As much of a pattern as a file may hold, and the longest of it that is still parsed. */
const filled = (pattern: string): string => pattern.repeat(Math.floor(bytes / pattern.length));
const parsed = (pattern: string): string => filled(pattern).slice(0, 45_000 * pattern.length);

const bomb = (): string =>
  Array.from({ length: 30 }, (_, index) => {
    const items =
      index === 0
        ? "x, x, x, x, x, x, x, x"
        : Array(8)
            .fill(`*a${index - 1}`)
            .join(", ");
    return `a${index}: &a${index} [${items}]`;
  }).join("\n");

const mergeBomb = (): string =>
  Array.from({ length: 60 }, (_, i) =>
    i === 0 ? "m0: &m0 { k: v }" : `m${i}: &m${i} { <<: [*m${i - 1}, *m${i - 1}], k${i}: [*m${i - 1}, *m${i - 1}] }`,
  ).join("\n");

const hostile: readonly (readonly [name: string, text: string])[] = [
  ["an alias bomb", bomb()],
  ["a bomb of merge keys", mergeBomb()],
  [
    "a chain of aliases",
    Array.from({ length: 4_000 }, (_, i) => `a${i}: &a${i} [${i === 0 ? "x" : `*a${i - 1}`}]`).join("\n"),
  ],
  ["lists in lists", filled("[")],
  ["lists in lists, as deep as is parsed", parsed("[")],
  ["balanced lists in lists", `a: ${"[".repeat(2_000)}${"]".repeat(2_000)}`],
  ["maps in maps", parsed("{a: ")],
  ["list items in list items", parsed("- ")],
  ["keys of keys", parsed("? ")],
  ["many keys", Array.from({ length: 24_000 }, (_, index) => `k${index}: 1`).join("\n")],
  ["one key many times", parsed("a: 1\n").slice(0, 24_000 * 5)],
  ["closing brackets", parsed("]")],
  ["empty lists", parsed("[]")],
  ["commas", `[${parsed(",")}`],
  ["anchors", parsed("&a ")],
  ["aliases", parsed("*a ")],
  ["tags", parsed("!a ")],
  ["wrong escapes", filled('- "\\q\\q\\q\\q\\q\\q\\q\\q\\q\\q\\q\\q"\n')],
  ["empty lines", filled("\n")],
  ["spaces", filled(" ")],
  ["zero bytes", filled("\0")],
  ["an open quote", `a: "${filled("x")}`],
  ["a long key", `"${filled("a").slice(9)}": 1`],
  ["what begins like keys", `a: "${filled("-----BEGIN ").slice(9)}"`],
  ["what begins like URLs", `providers: { a: { plugin: x, uri: "${filled("://a:").slice(99)}" } }`],
  ["wrong names", `instances: { ${Array.from({ length: 8_000 }, (_, index) => `"!${index}":`).join(", ")} }`],
  [
    "unknown targets",
    `instances:\n${Array.from({ length: 2_500 }, (_, i) => `  a${i}: { kind: other, depends_on: [b${i}, c${i}] }`).join("\n")}`,
  ],
];

test.for(hostile)("is done with %s within a second", async ([, text]) => {
  const before = process.threadCpuUsage();
  const read = await readDeployment({ text, file: "x.yaml" });
  const { user, system } = process.threadCpuUsage(before);
  expect(read.ok).toBe(false);
  expect((user + system) / 1_000).toBeLessThan(1_000);
});

/** Text that has the words of a deployment file in any order, and whatever signs YAML gives a meaning. */
const words = [
  "quiesce: 1",
  "name: x",
  "providers:",
  "instances:",
  "hooks:",
  "  a:",
  "  kind: vm",
  "{",
  "}",
  "[",
  "]",
  "&a",
  "*a",
  "<<: *a",
  "- ",
  "? ",
  "!!str",
  "|",
  ">",
  '"',
  "'",
  "#",
  "---",
  "...",
  "%YAML 1.1",
  "\t",
  "\n",
  "\r",
  "  ",
  ": ",
  ",",
  "\\",
  "\0",
  "0x1F",
  "1e999",
  ".nan",
  "~",
  "é",
  "\uD800",
  "\uFEFF",
];
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((some) => some.join("")),
  fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((some) => some.join("\n")),
  fc.json({ maxDepth: 6 }),
);

const anyEntry = fc.dictionary(
  fc.constantFrom(
    "kind",
    "provider",
    "plugin",
    "id",
    "on",
    "ssh",
    "local",
    "hold",
    "freeze",
    "thaw",
    "select",
    "expect",
    "depends_on",
    "skip",
    "limits",
    "timeouts",
    "password",
    "x",
  ),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 4 },
);
const entries = fc.dictionary(fc.string(), anyEntry, { maxKeys: 3 });
const anyFile = fc.record(
  {
    quiesce: fc.constant(1),
    name: fc.jsonValue(),
    providers: entries,
    instances: entries,
    selectors: entries,
    hooks: entries,
  },
  { requiredKeys: [] },
);

test("never throws, and each problem has its place in the text", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        anyText,
        anyFile.map((file) => JSON.stringify(file)),
      ),
      async (text) => {
        const read = await readDeployment({ text, file: "x.yaml" });
        if (read.ok) return;
        const lineCount = text.split(/\r?\n|\r/).length;
        const misplaced = read.problems.filter(
          ({ message, at }) =>
            message === "" || (at !== undefined && (at.line > lineCount || at.column > text.length + 1)),
        );
        expect(misplaced).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});
