import { loadSettings, type SettingSources } from "../config/load-settings.ts";
import type { Settings } from "../config/settings.ts";
import type { Invocation } from "../invocation/invocation.ts";
import { openStateStore, openStateStoreIfAny, type StateStore } from "./state-store.ts";

/** The settings of this call; `flags` are those of the command that are settings too. */
export const settingsOf = async (
  { globals, env, cwd }: Invocation,
  flags: SettingSources["flags"] = {},
): Promise<Settings> => {
  const { stateDir, profile } = globals;
  const given = stateDir === undefined ? flags : { ...flags, stateDir };
  const { settings } = await loadSettings({ flags: given, profile, env, cwd });
  return settings;
};

/** Opens the store for a command that writes, and closes it whatever happens. */
export const withStore = async <T>(invocation: Invocation, use: (store: StateStore) => Promise<T>): Promise<T> => {
  const { stateDir } = await settingsOf(invocation);
  return await closing(await openStateStore(stateDir), use);
};

/** For commands that only look: `none` is the answer where nothing was ever stored. */
export const withStoreIfAny = async <T>(
  invocation: Invocation,
  none: () => T | Promise<T>,
  use: (store: StateStore) => Promise<T>,
): Promise<T> => {
  const { stateDir } = await settingsOf(invocation);
  const store = await openStateStoreIfAny(stateDir);
  return store === undefined ? await none() : await closing(store, use);
};

export const closing = async <S extends { close(): Promise<void> }, T>(
  store: S,
  use: (store: S) => Promise<T>,
): Promise<T> => {
  try {
    return await use(store);
  } finally {
    await store.close();
  }
};
