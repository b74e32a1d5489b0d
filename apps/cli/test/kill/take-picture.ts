import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Manifest, Store } from "@quiesce/core";
import type { DomainTruth } from "@quiesce/sim-libvirt";
import { diskBytes, domainOf, type KillWorld } from "./kill-world.ts";

/** Everything that a run may change, one fact a line, without what is different in each run. */
export type Picture = readonly string[];

/** What is there now: the host as the simulator sees it past the protocol, the repository's files, our own records. */
export const takePicture = async (world: KillWorld): Promise<Picture> => {
  const host = await pictureOfHost(world);
  const files = await pictureOfRepository(world.repository);
  const records = await world.readStore(pictureOfRecords);
  return [...host, ...files, ...records].map((line) => withoutChance(line, world.dir)).toSorted();
};

/** What one picture has and the other has not. */
export const differenceOf = (now: Picture, expected: Picture): readonly string[] => [
  ...without(now, expected).map((line) => `there is: ${line}`),
  ...without(expected, now).map((line) => `there is not: ${line}`),
];

const without = (lines: Picture, others: Picture): readonly string[] => {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
};

/** Without the world's folder, and names and times that each run makes anew. */
const withoutChance = (line: string, dir: string): string =>
  line
    .replaceAll(dir, "DIR")
    .replaceAll(/ store="[0-9a-f-]{36}"/g, "")
    .replaceAll(/\bquiesce\+[0-9a-f-]{36}\+/g, "quiesce+STORE+")
    .replaceAll(/\b(quiesce-[a-z]+-)[0-9a-f]{8}\b/g, "$1*")
    .replaceAll(/\d{8}T\d{6}Z-[0-9a-z]{6}/g, "RUN")
    .replaceAll(/\d{4}-\d\d-\d\dT[0-9:.]+Z/g, "TIME");

const pictureOfHost = async ({ hypervisor: { truth }, machines, dir }: KillWorld): Promise<Picture> => {
  const domains = machines.map((machine) => truth.domain(domainOf(machine)));
  const disks = domains.flatMap(({ name, disks }) => disks.map(({ target, path }) => ({ name, target, path })));
  return [
    ...domains.flatMap(factsOfDomain),
    ...(await Promise.all(
      disks.map(async ({ name, target, path }) => `${name}: ${target} is ${path} ${await digestOf(path)}`),
    )),
    ...(await Promise.all(
      truth.volumes().map(async ({ pool, name, path }) => `volume: ${pool}/${name} ${await digestOfVolume(path, dir)}`),
    )),
  ];
};

const factsOfDomain = (domain: DomainTruth): readonly string[] =>
  [
    domain.state,
    ...domain.frozen.map((path) => `frozen at ${path}`),
    ...(domain.backup === undefined ? [] : ["a backup job"]),
    ...(domain.job === undefined ? [] : [`its job lock is held by ${domain.job}`]),
    ...Object.entries(domain.blockJobs).map(([target, { type }]) => `a block job (${type}) on ${target}`),
    ...(domain.managedSave ? ["a managed save"] : []),
    ...domain.checkpoints.map((name) => `checkpoint ${name}`),
    ...domain.snapshots.map(({ name, state }) => `snapshot ${name} (${state})`),
    ...(domain.autostart ? ["autostart"] : []),
    ...definitionOf(domain).map((line) => `definition ${line}`),
  ].map((fact) => `${domain.name}: ${fact}`);

/** An empty `metadata` is what stays when a mark is taken away. */
const definitionOf = ({ xml }: DomainTruth): readonly string[] =>
  xml
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "<metadata/>");

/** Of a stored disk the content too; behind it lies what is new in each run. */
const pictureOfRepository = async (repository: string): Promise<Picture> =>
  await Promise.all(
    (await filesBelow(repository)).map(async (file) =>
      file.endsWith(".raw")
        ? `repository: ${file} ${await digestOf(join(repository, file), diskBytes)}`
        : `repository: ${file}`,
    ),
  );

const pictureOfRecords = async (store: Store): Promise<Picture> => {
  const runs = await store.runs({});
  const deployments = [...new Set(runs.map(({ deployment }) => deployment))];
  const suspended = await Promise.all(deployments.map((deployment) => store.suspended(deployment)));
  return [
    ...(await store.debts()).map(({ spec }) => `debt: ${spec.key}`),
    ...(await store.recoveries({})).map(({ instance, point }) => `way back: of ${instance}, ${point.is}`),
    ...suspended.flatMap((instances) => Object.keys(instances).map((instance) => `suspended: ${instance}`)),
    ...(await store.catalogue.list({})).flatMap(factsOfSet),
    ...runs.map(({ workflow, status }) => `run: ${workflow} ${status}`),
  ];
};

const factsOfSet = (set: Manifest): readonly string[] => [
  `set: ${set.name} (${set.kind}) ${set.complete ? "complete" : "not complete"}`,
  ...set.items.map(
    ({ instance, status, consistency, artefacts }) =>
      `set: ${set.name} (${set.kind}) ${instance} ${status} ${consistency}: ${artefacts.map(({ name }) => name).join(", ")}`,
  ),
];

/** Without the files of the repository itself. */
export const filesBelow = async (repository: string): Promise<readonly string[]> => {
  const found = await readdir(repository, { recursive: true, withFileTypes: true }).catch(() => []);
  return found
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(repository.length + 1))
    .filter((file) => file.includes("/"))
    .toSorted();
};

const digestOf = async (path: string | undefined, bytes?: number): Promise<string> =>
  path === undefined ? "without a file" : digest((await readFile(path)).subarray(0, bytes));

/** A text names what is new in each run; its first line says whose it is. */
const digestOfVolume = async (path: string, dir: string): Promise<string> =>
  path.endsWith(".xml")
    ? digest(withoutChance((await readFile(path, "utf8")).replace(/<!--.*?-->/, ""), dir))
    : await digestOf(path);

const digest = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex").slice(0, 12);
