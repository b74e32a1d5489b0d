import { expect } from "vitest";
import type { Manifest, PlanOptions, RunHandle, RunSummary, Store } from "@quiesce/core";
import { first, rowOf } from "./look.ts";
import type { Stage, StageOptions } from "./stage.ts";

const kind = "backup";

/** A backup of bytes that must succeed, and its set. */
export const backUp = async (stage: Stage, name: string, options: Partial<PlanOptions> = {}): Promise<Manifest> => {
  const { summary } = await stage.run("backup", { kind, name, ...options });
  expect(summary.status, JSON.stringify(summary.instances)).toBe("succeeded");
  return await setNamed(stage, name);
};

export const setNamed = async (stage: Stage, name: string): Promise<Manifest> => {
  const set = await stage.backup({ kind, name });
  if (set === undefined) throw new Error(`There is no backup ${name}.`);
  return set;
};

/**
 * A backup that is let go on or stopped in the middle of its copy: `during` is called once, before its first block. A
 * disk that holds nothing has none: the guest must have written something.
 */
export const interruptedBackUp = async (
  stage: Stage,
  options: StageOptions,
  during: (handle: RunHandle) => Promise<void>,
): Promise<RunSummary> => {
  let handle: RunHandle | undefined;
  let met = false;
  stage.repository.faults.onBlock = async () => {
    if (met || handle === undefined) return;
    met = true;
    await during(handle);
  };
  const { summary } = await stage.run("backup", {
    kind,
    ...options,
    onStart: (started) => {
      handle = started;
    },
  });
  stage.repository.faults.onBlock = undefined;
  expect(met, "the copy was never met").toBe(true);
  return summary;
};

/** A restore that must bring back this content. */
export const expectRestored = async (stage: Stage, name: string, content: string): Promise<void> => {
  const { vms, truth } = stage.scene;
  const vm = first(vms);
  const { summary } = await stage.run("restore", { kind, name });
  expect(summary.status, JSON.stringify(summary.instances)).toBe("succeeded");
  expect(await truth.contents(vm)).toBe(content);
  expect(await truth.power(vm)).toBe("running");
};

/** A run that failed and left nothing: no job, no scratch space, no file, no set, and a guest that runs. */
export const expectNothingMade = async (stage: Stage, summary: RunSummary): Promise<void> => {
  expect(rowOf(summary, "vm1", "backup.create").status).not.toBe("succeeded");
  expect(stage.repository.files()).toEqual([]);
  expect(stage.repository.kept()).toEqual([]);
  expect(await stage.backup({ kind, name: "proof" })).toBeUndefined();
  await expectNothingHeld(stage, summary);
};

export const expectNothingHeld = async ({ scene }: Stage, summary: RunSummary): Promise<void> => {
  expect(summary.held).toEqual([]);
  for (const vm of scene.vms) {
    expect((await scene.truth.held?.(vm)) ?? []).toEqual([]);
    expect(await scene.truth.isFrozen(vm)).toBe(false);
  }
};

/** The store of a process that dies when it is about to write such an event: nothing after it happens. */
export const dyingStore = (store: Store, fatal: (event: Parameters<Store["commit"]>[1][number]) => boolean) => {
  let died = (): void => {};
  const death = new Promise<void>((resolve) => {
    died = resolve;
  });
  const dying: Store = {
    ...store,
    commit: async (claim, events) => {
      if (!events.some(fatal)) return await store.commit(claim, events);
      died();
      await new Promise<never>(() => {});
    },
  };
  return { store: dying, death };
};
