import { suggestion } from "../problem/closest.ts";
import { quoted } from "../problem/quoted.ts";
import type { Source } from "../source/read-source.ts";
import { pathText, type Path } from "../source/spot.ts";

/** Reports a provider that the file does not have. */
export const checkProvider = (
  provider: string | undefined,
  owner: Path,
  known: readonly string[],
  source: Source,
): void => {
  if (provider === undefined || known.includes(provider)) return;
  const path = [...owner, "provider"];
  source.problems.at(source.root, path, {
    message: `${pathText(path)} names ${quoted(provider)}, which is no provider of this file`,
    hint: () => suggestion(provider, known, "providers"),
  });
};
