import type { Artefact, Manifest } from "@quiesce/core";
import { domainOf, type KillWorld } from "./kill-world.ts";
import { filesBelow } from "./take-picture.ts";

/** Artefacts at the host and files in the repository that no set names, and those that a set names and that are not there. */
export const strayArtefacts = async (world: KillWorld): Promise<readonly string[]> => {
  const sets = await world.readStore((store) => store.catalogue.list({}));
  const known = sets.flatMap(({ items }) => items.flatMap(({ artefacts }) => artefacts));
  return [
    ...difference(
      "artefact at the host",
      atHost(world),
      known.filter(isAtHost).map(({ id }) => id),
    ),
    ...difference("file in the repository", await inRepository(world), filesOf(sets, known)),
  ];
};

const isAtHost = ({ kind }: Artefact): boolean => kind === "checkpoint" || kind === "domain-snapshot";

const atHost = ({ hypervisor: { truth }, machines }: KillWorld): readonly string[] =>
  machines.flatMap((machine) => {
    const { uuid, checkpoints, snapshots } = truth.domain(domainOf(machine));
    return [...checkpoints, ...snapshots.map(({ name }) => name)].map((name) => `${uuid}/${name}`);
  });

/** Without what lies beside a file: its digest, its index, whose folder it is. */
const inRepository = async ({ repository }: KillWorld): Promise<readonly string[]> =>
  (await filesBelow(repository)).filter((file) => !/(\.sha256|\.index|\/owner\.json)$/.test(file));

const filesOf = (sets: readonly Manifest[], known: readonly Artefact[]): readonly string[] => [
  ...sets.filter(({ kind }) => kind === "backup").map(({ deployment, name }) => `${deployment}/${name}/manifest.json`),
  ...known.filter((artefact) => !isAtHost(artefact)).map(({ id }) => id),
];

const difference = (what: string, there: readonly string[], known: readonly string[]): readonly string[] => [
  ...there.filter((one) => !known.includes(one)).map((one) => `the ${what} ${one} is in no set`),
  ...known.filter((one) => !there.includes(one)).map((one) => `the ${what} ${one} is missing`),
];
