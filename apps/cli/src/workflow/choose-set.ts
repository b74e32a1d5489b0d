import { QuiesceError, type BackupKind, type DeploymentId, type Manifest, type Store } from "@quiesce/core";
import { near } from "../input/near.ts";
import { shellWord } from "../render/shell-word.ts";

type Catalogue = Store["catalogue"];

/** The set that `--name` (or an id) and `--kind` mean. None, or two kinds of one name, are refused with what exists. */
export const chooseSet = async (
  catalogue: Catalogue,
  deployment: DeploymentId,
  nameOrId: string,
  kind: BackupKind | undefined,
): Promise<Manifest> => {
  const named = await catalogue.find(deployment, nameOrId);
  const sets = named.filter((set) => kind === undefined || set.kind === kind);
  const [only, second] = sets;
  if (only !== undefined && second === undefined) return only;
  if (only !== undefined) {
    throw new QuiesceError(
      "not-found",
      `${deployment} has ${sets.length} sets "${nameOrId}": ${sets.map(labelOf).join(", ")}.`,
      {
        hint: "Say which one with --kind snapshot or --kind backup, or give its id as --name.",
      },
    );
  }
  throw missing(await catalogue.list({ deployment }), deployment, nameOrId, kind);
};

/** Refuses a name that a set of the same kind has, before anything is contacted. */
export const checkNameIsFree = async (
  catalogue: Catalogue,
  deployment: DeploymentId,
  name: string,
  kind: BackupKind,
): Promise<void> => {
  const taken = (await catalogue.find(deployment, name)).find((set) => set.name === name && set.kind === kind);
  if (taken === undefined) return;
  throw new QuiesceError(
    "not-found",
    `${deployment} already has a ${kind} "${name}", made at ${taken.createdAt} by run ${taken.run}.`,
    {
      problems: [
        {
          code: "name-taken",
          message: `The name "${name}" is taken.`,
          hint: `Choose another --name, or remove it: quiesce remove-backup ${deployment} --name ${shellWord(name)} --kind ${kind}`,
        },
      ],
    },
  );
};

const labelOf = ({ name, kind, createdAt, id }: Manifest): string => `${name} (${kind}, ${createdAt}, id ${id})`;

const missing = (
  existing: readonly Manifest[],
  deployment: DeploymentId,
  wanted: string,
  kind: BackupKind | undefined,
): QuiesceError => {
  const what = kind === undefined ? "set" : kind;
  if (existing.length === 0)
    return new QuiesceError("not-found", `${deployment} has no ${what} "${wanted}"; it has no sets at all.`, {
      hint: `Make one: quiesce backup ${deployment} --name ${shellWord(wanted)}`,
    });
  const meant = near(
    wanted,
    existing.map(({ name }) => name),
  );
  const shown = existing.slice(0, 10).map(({ name, kind }) => `${name} (${kind})`);
  const more = existing.length > shown.length ? ` and ${existing.length - shown.length} more` : "";
  return new QuiesceError("not-found", `${deployment} has no ${what} "${wanted}". It has ${shown.join(", ")}${more}.`, {
    hint: meant === undefined ? `See them: quiesce backups list ${deployment}` : `Did you mean ${meant}?`,
  });
};
