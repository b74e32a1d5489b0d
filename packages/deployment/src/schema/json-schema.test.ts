import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { deploymentJsonSchema, readDeployment } from "../index.ts";

const root = join(import.meta.dirname, "..", "..", "..", "..");
const schemaFile = join(root, "packages", "deployment", "schema", "deployment.schema.json");
const published: object = JSON.parse(await readFile(schemaFile, "utf8"));
const validate = new Ajv({ strict: false }).compile(published);

const examples = join(root, "docs", "examples");
const pages = [join(root, "docs", "reference", "deployment-file.md")];

const exampleTexts = async (): Promise<readonly (readonly [name: string, text: string])[]> => {
  const files = (await readdir(examples)).filter((file) => file.endsWith(".yaml"));
  return Promise.all(files.map(async (file) => [file, await readFile(join(examples, file), "utf8")] as const));
};

/** Every YAML block of a page is a whole deployment file. */
const blocksOf = async (page: string): Promise<readonly (readonly [name: string, text: string])[]> => {
  const text = await readFile(page, "utf8");
  return [...text.matchAll(/```yaml\n(.*?)```/gs)].map((match) => {
    const line = text.slice(0, match.index).split("\n").length;
    return [`${page.slice(root.length + 1)}:${line}`, match[1] ?? ""];
  });
};

const good = [...(await exampleTexts()), ...(await Promise.all(pages.map(blocksOf))).flat()];

test("the published schema is the one that the code makes (npm script `schema` writes it anew)", () => {
  expect(published).toEqual(deploymentJsonSchema());
});

test("there are examples, in files and in the documentation", () => {
  expect(good.filter(([name]) => name.endsWith(".yaml")).length).toBeGreaterThanOrEqual(3);
  expect(good.filter(([name]) => name.startsWith("docs/")).length).toBeGreaterThanOrEqual(5);
});

describe.each(good)("%s", (name, text) => {
  test("can be read", async () => {
    expect(await readDeployment({ text, file: name })).toMatchObject({ ok: true });
  });
  test("is valid by the published schema", () => {
    validate(parse(text, { merge: true }));
    expect(validate.errors).toBe(null);
  });
});

test.each([
  { quiesce: 2, name: "x" },
  { quiesce: 1, name: "a/b" },
  { quiesce: 1, name: "x", instance: {} },
  { quiesce: 1, name: "x", instances: { a: { kind: "vmm" } } },
  { quiesce: 1, name: "x", instances: { a: { kind: "other", depends_on: 3 } } },
  { quiesce: 1, name: "x", providers: { a: { uri: "x" } } },
  { quiesce: 1, name: "x", providers: { a: { plugin: "x", timeouts: { freeze: 30 } } } },
  { quiesce: 1, name: "x", hooks: { h: { on: "a", local: true, freeze: { run: "x" } } } },
  { quiesce: 1, name: "x", hooks: { h: { on: "a", ssh: { host: "h", user: "u", key: "literal" } } } },
  { quiesce: 1, name: "x", selectors: { s: { provider: "p", kind: "other", select: { name: "a" } } } },
])("an editor marks what the reader refuses: %j", async (file) => {
  expect(validate(file)).toBe(false);
  expect(await readDeployment({ text: JSON.stringify(file), file: "x" })).toMatchObject({ ok: false });
});
