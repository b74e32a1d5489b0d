import { readdir } from "node:fs/promises";
import type { Artefact, Manifest } from "@quiesce/core";
import { domainOf, type KillWorld } from "./kill-world.ts";

/** What our own records say that must not be so after a recovery: something that is owed, open or not true any more. */
export const recordFaults = async (world: KillWorld): Promise<readonly string[]> =>
  await world.readStore(async (store) => [
    ...(await store.debts()).map(({ spec }) => `the debt ${spec.key} of ${spec.instance} is open`),
    ...(await store.runs({ open: true })).map(({ run }) => `the run ${run} has not ended`),
    ...(await artefactFaults(world, await store.catalogue.list({}))),
  ]);

/** Artefacts at the host and files in the repository, against those that the catalogue names: neither more nor fewer. */
const artefactFaults = async (world: KillWorld, sets: readonly Manifest[]): Promise<readonly string[]> => {
  const known = sets.flatMap(({ items }) => items.flatMap(({ artefacts }) => artefacts));
  return [
    ...difference("artefact at the host", atHost(world), known.filter(isAtHost).map(({ id }) => id)),
    ...difference("file in the repository", await inRepository(world), filesOf(sets, known)),
  ];
};

const isAtHost = ({ kind }: Artefact): boolean => kind === "checkpoint" || kind === "domain-snapshot";

const atHost = ({ hypervisor: { truth }, machines }: KillWorld): readonly string[] =>
  machines.flatMap((machine) => {
    const { uuid, checkpoints, snapshots } = truth.domain(domainOf(machine));
    return [...checkpoints, ...snapshots.map(({ name }) => name)].map((name) => `${uuid}/${name}`);
  });

const inRepository = async ({ repository }: KillWorld): Promise<readonly string[]> => {
  const found = await readdir(repository, { recursive: true, withFileTypes: true }).catch(() => []);
  return found
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(repository.length + 1))
    .filter((file) => file !== "repository.json");
};

const filesOf = (sets: readonly Manifest[], known: readonly Artefact[]): readonly string[] => [
  ...sets.filter(({ kind }) => kind === "backup").map(({ deployment, name }) => `${deployment}/${name}/manifest.json`),
  ...known.filter((artefact) => !isAtHost(artefact)).map(({ id }) => id),
];

const difference = (what: string, there: readonly string[], known: readonly string[]): readonly string[] => [
  ...there.filter((one) => !known.includes(one)).map((one) => `the ${what} ${one} is in no set`),
  ...known.filter((one) => !there.includes(one)).map((one) => `the ${what} ${one} is missing`),
  ...there.filter((one, index) => there.indexOf(one) !== index).map((one) => `the ${what} ${one} is there twice`),
];

