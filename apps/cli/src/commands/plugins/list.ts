import type { Invocation } from "../../invocation/invocation.ts";
import { findPlugins } from "../../plugins/find-plugins.ts";
import { installation } from "../../plugins/installation.ts";
import type { Define } from "../../program/command-entry.ts";
import { table } from "../../render/table.ts";

export const define: Define = (command, invocation) => {
  command.action(() => list(invocation));
};

const columns = ["PLUGIN", "PACKAGE", "VERSION", "FOLDER"].map((heading) => ({ heading }));

const list = async ({ output, cwd }: Invocation): Promise<void> => {
  const { found, refused } = await findPlugins(installation, cwd);
  output.document({
    schema: "quiesce.plugins/1",
    plugins: found.map(({ name, package: from, version, folder }) => ({ name, package: from, version, folder })),
    refused,
  });
  output.result(
    found.length === 0
      ? "No plugin is installed. Install one, for example: npm install @quiesce/plugin-libvirt"
      : table(
          columns,
          found.map((one) => [one.name, one.package, one.version, one.folder]),
        ),
  );
  for (const { path, why } of refused) output.warn(`Not used: ${path}: ${why}.`);
};
