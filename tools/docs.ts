// Writes the generated parts of the documentation (`npm run docs`), or checks that they are up to date (`--check`).
// A generated part stands between `<!-- generated: NAME -->` and `<!-- end of NAME -->`.
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cellOf, kinds, labelOf, operationsOf, type Kind, type Matrix } from "../packages/core/src/capability.ts";

const root = join(import.meta.dirname, "..");
const check = process.argv.includes("--check");

const plugins = new Map<string, Matrix>();
for (const folder of readdirSync(join(root, "packages"))
  .filter((name) => name.startsWith("plugin-"))
  .sort()) {
  const file = join(root, "packages", folder, "dist", "capabilities.js");
  if (!existsSync(file)) continue;
  const { capabilities } = (await import(pathToFileURL(file).href)) as { readonly capabilities?: Matrix };
  if (capabilities !== undefined) plugins.set(folder.replace("plugin-", ""), capabilities);
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)].join("\n");
};

const heading: Readonly<Record<Kind, string>> = { vm: "Virtual machines", volume: "Volumes", network: "Networks" };

const tableOf = (kind: Kind): string =>
  table(
    ["Plugin", ...operationsOf(kind).map((operation) => `\`${operation}\``)],
    [...plugins].map(([name, matrix]) => [
      name,
      ...operationsOf(kind).map((operation) => label(matrix, kind, operation)),
    ]),
  );

const label = (matrix: Matrix, kind: Kind, operation: ReturnType<typeof operationsOf>[number]): string => {
  const cell = cellOf(matrix, kind, operation);
  return cell === undefined ? "" : labelOf[cell.mode];
};

const reasonsOf = (name: string, matrix: Matrix): readonly string[] =>
  kinds.flatMap((kind) =>
    operationsOf(kind).flatMap((operation) => {
      const cell = cellOf(matrix, kind, operation);
      return cell !== undefined && "reason" in cell ? [`- ${name}, ${kind} \`${operation}\`: ${cell.reason}`] : [];
    }),
  );

const parts: Readonly<Record<string, () => string>> = {
  capabilities: () => kinds.map((kind) => `### ${heading[kind]}\n\n${tableOf(kind)}`).join("\n\n"),
  "capability reasons": () =>
    [...plugins].flatMap(([name, matrix]) => reasonsOf(name, matrix)).join("\n") || "Every cell works.",
};

const pages = ["README.md", "docs", "packages", "apps"].flatMap((place) => markdownBelow(join(root, place)));

function markdownBelow(place: string): readonly string[] {
  if (place.endsWith(".md")) return [place];
  if (!existsSync(place) || /node_modules|dist$|golden/.test(place)) return [];
  return readdirSync(place, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() || entry.name.endsWith(".md") ? markdownBelow(join(place, entry.name)) : [],
  );
}

let stale = 0;
for (const page of pages) {
  const text = readFileSync(page, "utf8");
  const next = text.replaceAll(
    /(<!-- generated: (?<name>[a-z ]+) -->\n)[\s\S]*?(\n<!-- end of \k<name> -->)/g,
    (_, start: string, name: string, end: string) => {
      const make = parts[name];
      if (make === undefined)
        throw new Error(`${page}: nothing generates "${name}". Known: ${Object.keys(parts).join(", ")}`);
      return `${start}\n${make()}\n${end}`;
    },
  );
  if (next === text) continue;
  stale += 1;
  if (check) process.stderr.write(`${page.slice(root.length + 1)} is not up to date: run \`npm run docs\`.\n`);
  else writeFileSync(page, next);
}
if (check && stale > 0) process.exit(1);
