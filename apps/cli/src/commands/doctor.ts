import { exitCodes, type Finding } from "@quiesce/core";
import { openDeployment } from "../compose/open-deployment.ts";
import type { StateStore } from "../compose/state-store.ts";
import { settingsOf } from "../compose/with-store.ts";
import { checkLeftovers } from "../doctor/check-leftovers.ts";
import { checkProviders } from "../doctor/check-providers.ts";
import { checkRecords } from "../doctor/check-records.ts";
import { checkStore } from "../doctor/check-store.ts";
import { findingOf } from "../doctor/finding-of.ts";
import type { Invocation } from "../invocation/invocation.ts";
import type { Define } from "../program/command-entry.ts";
import { paintWith } from "../render/paint.ts";
import { listenForStops, unlessStopped } from "../signals/listen-for-stops.ts";

export const define: Define = (command, invocation) => {
  command
    .argument("[deployments...]", "files or names; by default every registered deployment")
    .action(async (deployments: readonly string[]) => {
      invocation.exitCode = await doctor(deployments, invocation);
    });
};

/** Looks at the store, the records and each provider. Never changes anything. */
const doctor = async (wanted: readonly string[], invocation: Invocation): Promise<number> => {
  const { stateDir } = await settingsOf(invocation);
  const { findings, store } = await checkStore(stateDir);
  try {
    const all = [
      ...findings,
      ...(store === undefined ? [] : await checkRecords(store, Date.now())),
      ...(await ofDeployments(wanted, store, invocation)),
      ...(await leftovers(wanted, store, invocation)),
    ];
    print(all, invocation);
    return all.some(({ level }) => level === "error") ? exitCodes.failed : exitCodes.done;
  } finally {
    await store?.close();
  }
};

const ofDeployments = async (
  wanted: readonly string[],
  store: StateStore | undefined,
  invocation: Invocation,
): Promise<readonly Finding[]> => {
  const registered = wanted.length > 0 ? [] : ((await store?.deployments.list()) ?? []);
  const names = [...wanted, ...registered.map(({ name }) => name)];
  const stops = listenForStops();
  try {
    const findings: Finding[] = [];
    for (const name of names)
      findings.push(...(await unlessStopped(ofOne(name, store, invocation, stops.before), stops.before)));
    return findings;
  } finally {
    stops.close();
  }
};

/** Without a store nothing was ever made. */
const leftovers = async (
  wanted: readonly string[],
  store: StateStore | undefined,
  invocation: Invocation,
): Promise<readonly Finding[]> => {
  if (store === undefined) return [];
  if (wanted.length === 0) return await checkLeftovers(undefined, invocation);
  const findings: Finding[] = [];
  for (const name of wanted) findings.push(...(await checkLeftovers(name, invocation)));
  return findings;
};

const ofOne = async (
  name: string,
  store: StateStore | undefined,
  invocation: Invocation,
  signal: AbortSignal,
): Promise<readonly Finding[]> => {
  try {
    const { deployment, file } = await openDeployment(name, invocation, store);
    const read: Finding = { level: "ok", about: `deployment ${deployment.id}`, message: `${file} is valid` };
    return [read, ...(await checkProviders(deployment, invocation, signal))];
  } catch (thrown) {
    return [findingOf(`deployment ${name}`, thrown)];
  }
};

const tones = { ok: "good", warning: "warn", error: "bad" } as const;

const print = (findings: readonly Finding[], { output }: Invocation): void => {
  const paint = paintWith(output.settings.color);
  output.document({ schema: "quiesce.doctor/1", findings });
  const lines = findings.map(({ level, about, message, fix }) => {
    const line = `${paint(tones[level], level.padEnd(7))}  ${about}: ${message}`;
    return fix === undefined ? line : `${line}\n         ${fix}`;
  });
  output.result(lines.join("\n"));
};
