// Writes plain JavaScript beside a bench's TypeScript: so that a bench's memory is that of the product, which is shipped
// compiled, and not that of Node's TypeScript reader (17 MiB, measured with Node 24).
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";

const stripped = ".stripped";

/** The JavaScript of every file in the folder; returns where a file's went. What a bench takes from outside its folder stays TypeScript. */
export const stripFolder = (folder: string): ((file: string) => string) => {
  const out = join(folder, stripped);
  rmSync(out, { recursive: true, force: true });
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    const target = join(out, name.replace(/\.ts$/, ".mjs"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, movedImports(stripTypeScriptTypes(readFileSync(join(folder, name), "utf8"))));
  }
  return (file) => join(out, file.slice(folder.length + 1).replace(/\.ts$/, ".mjs"));
};

const movedImports = (source: string): string =>
  source.replaceAll(/(from\s+")(\.\/[^"]+)\.ts"/g, '$1$2.mjs"').replaceAll(/(from\s+")(\.\.\/[^"]+)"/g, '$1../$2"');
