import type { Invocation } from "../../invocation/invocation.ts";
import { loadSettings } from "../../config/load-settings.ts";
import type { Define } from "../../program/command-entry.ts";
import { table } from "../../render/table.ts";

export const define: Define = (command, invocation) => {
  command
    .option("--origin", "also print where each value comes from")
    .action(({ origin }: { readonly origin?: boolean }) => show(origin === true, invocation));
};

const show = async (withOrigin: boolean, { output, env, cwd, globals }: Invocation): Promise<void> => {
  const { stateDir, profile } = globals;
  const flags = stateDir === undefined ? {} : { stateDir };
  const { origins, files, profile: chosen } = await loadSettings({ flags, profile, env, cwd });
  output.document({
    schema: "quiesce.config/1",
    profile: chosen ?? null,
    settings: Object.fromEntries(origins.map(({ key, value, from }) => [key, { value: value ?? null, from }])),
    files: files.map(({ file, ignored }) => ({ file, ...(ignored === undefined ? {} : { ignored }) })),
  });
  const headings = ["SETTING", "VALUE", ...(withOrigin ? ["FROM"] : [])];
  const rows = [
    ["profile", chosen ?? "none", ""],
    ...origins.map(({ key, value, from }) => [key, value ?? "none", from]),
  ];
  output.result(
    table(
      headings.map((heading) => ({ heading })),
      rows.map((row) => row.slice(0, headings.length)),
    ),
  );
  for (const { file, ignored } of files) if (ignored !== undefined) output.note(`${file} is not read: ${ignored}.`);
};
