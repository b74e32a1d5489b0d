import { exitCodes, QuiesceError, systemClock, type FoundSet, type Manifest, type Repository } from "@quiesce/core";
import type { VerifyFlags } from "../commands/backups/verify.ts";
import { repositoryOf } from "../compose/open-repository.ts";
import { openStateStore, type StateStore } from "../compose/state-store.ts";
import { closing, settingsOf } from "../compose/with-store.ts";
import type { Settings } from "../config/settings.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { deploymentIdOf } from "../records/deployment-id.ts";
import { bytes } from "../render/bytes.ts";
import { listenForStops, unlessStopped } from "../signals/listen-for-stops.ts";
import { chooseSet } from "../workflow/choose-set.ts";
import { checkSet } from "./check-set.ts";

/** Reads sets again, keeps what was found in the catalogue, and tells it. Exit code 6 when anything is damaged. */
export const verifySets = async (
  wanted: string,
  name: string | undefined,
  flags: VerifyFlags,
  invocation: Invocation,
): Promise<number> => {
  const { output, cwd } = invocation;
  const given = flags.repository === undefined ? {} : { repository: flags.repository };
  const settings = await settingsOf(invocation, given);
  const stops = listenForStops();
  try {
    return await closing(await openStateStore(settings.stateDir), async (store) => {
      const deployment = await deploymentIdOf(wanted, cwd, store);
      const sets =
        name === undefined
          ? await store.catalogue.list({ deployment })
          : [await chooseSet(store.catalogue, deployment, name, flags.kind)];
      const ours = sets.filter(({ repository }) => repository !== undefined);
      if (ours.length === 0) throw nothingToRead(sets, wanted);
      const checked = await unlessStopped(checkAll(ours, settings, store, invocation, stops.before), stops.before);
      const verdicts = checked.map(({ set, check }) => ({ id: set.id, name: set.name, kind: set.kind, ...check }));
      output.document({ schema: "quiesce.verification/1", deployment, sets: verdicts });
      output.result(checked.map(verdictOf).join("\n"));
      return checked.every(({ check }) => check.damage.length === 0) ? exitCodes.done : exitCodes.damaged;
    });
  } finally {
    stops.close();
  }
};

const nothingToRead = (sets: readonly Manifest[], wanted: string): QuiesceError => {
  const [first] = sets;
  const what =
    first === undefined ? `${wanted} has no sets` : `No bytes of ${first.kind} ${first.name} lie in a repository`;
  return new QuiesceError("not-found", `${what}, so there is nothing to read again.`, {
    hint: "What lies at a provider is looked at by: quiesce backups show",
  });
};

interface Checked {
  readonly set: Manifest;
  readonly check: Awaited<ReturnType<typeof checkSet>>;
}

const checkAll = async (
  sets: readonly Manifest[],
  settings: Settings,
  store: StateStore,
  invocation: Invocation,
  signal: AbortSignal,
): Promise<readonly Checked[]> => {
  const opened = repositories(settings, signal);
  const checked: Checked[] = [];
  for (const set of sets) {
    const found = await opened(set);
    if (found === undefined) continue;
    const onProgress = progressNotes(set, invocation);
    const { repository, kept } = found;
    const check = await checkSet(set, kept, { repository, clock: systemClock, signal, onProgress });
    await store.annotate(set.id, { checked: check });
    checked.push({ set, check });
  }
  return checked;
};

interface Opened {
  readonly repository: Repository;
  readonly kept: readonly FoundSet[];
}

/** Each repository is opened and listed once. */
const repositories = (settings: Settings, signal: AbortSignal) => {
  const known = new Map<string, Promise<Opened | undefined>>();
  const open = async (set: Manifest): Promise<Opened | undefined> => {
    const repository = await repositoryOf(set, settings);
    return repository && { repository, kept: await Array.fromAsync(repository.sets(signal)) };
  };
  return (set: Manifest): Promise<Opened | undefined> => {
    const key = set.repository?.location ?? "";
    const opening = known.get(key) ?? open(set);
    known.set(key, opening);
    return opening;
  };
};

const quietMs = 2000;

/** One line when a file begins, then one every few seconds. */
const progressNotes = (set: Manifest, { output }: Invocation) => {
  let last = { file: "", at: 0 };
  return ({ file, done, total }: { readonly file: string; readonly done: number; readonly total?: number }): void => {
    const now = performance.now();
    if (file === last.file && now - last.at < quietMs) return;
    last = { file, at: now };
    output.note(`reading ${set.name}: ${file}, ${bytes(done)}${total === undefined ? "" : ` of ${bytes(total)}`}`);
  };
};

const verdictOf = ({ set, check }: Checked): string => {
  const head = `${set.kind} ${set.name}`;
  if (check.damage.length === 0) return `${head}: whole, ${bytes(check.bytes)} read`;
  const shown = check.damage.slice(0, 20).map(({ file, reason }) => `  ${file}: ${reason}`);
  const more = check.damage.length > shown.length ? [`  and ${check.damage.length - shown.length} more`] : [];
  return [`${head}: DAMAGED`, ...shown, ...more].join("\n");
};
