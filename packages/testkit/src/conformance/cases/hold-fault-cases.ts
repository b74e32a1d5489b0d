import { expect } from "vitest";
import { defaultOptions } from "@quiesce/core";
import type { Fault } from "../../faults/fault.ts";
import type { World } from "../../world/world.ts";
import { callToBreak, type BrokenCall } from "../broken-call.ts";
import type { Case } from "../conformance.ts";
import { backUp, expectNothingHeld, expectNothingMade, expectRestored } from "../lasting.ts";
import { first } from "../look.ts";
import type { Stage } from "../stage.ts";

const kind = "backup";
const proves = ["vm.backup.create", "vm.backup.restore"];
type Part = "prepare" | "capture" | "complete" | "release";
const parts: readonly Part[] = ["prepare", "capture", "complete", "release"];

/** The copy is broken in the repository, everything else at the provider. */
const breaks = (part: Part): { readonly breaks?: BrokenCall } =>
  part === "complete" ? {} : { breaks: part === "capture" ? "backup.create" : part };

const breakAt = async (stage: Stage, { faults }: World, what: BrokenCall, fault: Omit<Fault, "call">) => {
  const call = callToBreak(faults, what);
  if (call === undefined) throw new Error(`The world names no call of ${what}.`);
  await faults?.board.set({ call, target: first(stage.scene.vms).providerId, ...fault });
};

const loseReply = async (stage: Stage, world: World, part: Part): Promise<void> => {
  const { breaks: what } = breaks(part);
  if (what === undefined) stage.repository.faults.lostReplies = 1;
  else await breakAt(stage, world, what, { does: { what: "lose-reply" } });
};

const breakPart = async (stage: Stage, world: World, part: Part): Promise<void> => {
  const { breaks: what } = breaks(part);
  if (what === undefined) stage.repository.faults.readOnly = true;
  else await breakAt(stage, world, what, { times: 50, does: { what: "fail" } });
};

const lostReplies = parts.map((part): Case => ({
  title: `T-09: backup: a lost reply of its ${part} is found out by looking, and nothing is made twice`,
  proves,
  scene: {},
  needs: "faults",
  ...breaks(part),
  run: async (stage, world) => {
    const { vms, truth } = stage.scene;
    const vm = first(vms);
    const before = await truth.contents(vm);
    await loseReply(stage, world, part);
    const { summary } = await stage.run("backup", { kind });
    expect(summary.status, JSON.stringify(summary.instances)).toBe("succeeded");
    await expectNothingHeld(stage, summary);
    const ids = (await stage.backup({ kind }))?.items.flatMap(({ artefacts }) => artefacts.map(({ id }) => id)) ?? [];
    expect(stage.repository.files().filter((id) => !ids.includes(id))).toEqual([]);
    await truth.write(vm, "after");
    await expectRestored(stage, "proof", before);
  },
}));

const failures = (["prepare", "capture", "complete"] as const).map((part): Case => ({
  title: `T-10: backup: a ${part} that fails leaves nothing held and nothing made, and its name is free`,
  proves,
  scene: {},
  needs: "faults",
  ...breaks(part),
  run: async (stage, world) => {
    const before = await stage.scene.truth.artefacts(first(stage.scene.vms));
    await breakPart(stage, world, part);
    const { summary } = await stage.run("backup", { kind });
    expect(summary.status).not.toBe("succeeded");
    await world.faults?.board.clear();
    stage.repository.faults.readOnly = false;
    await expectNothingMade(stage, summary);
    expect(await stage.scene.truth.artefacts(first(stage.scene.vms))).toEqual(before);
    await backUp(stage, "proof");
  },
}));

const silent: Case = {
  title: "backup: a capture that takes effect and never answers is looked for, and what it holds is given back",
  proves,
  scene: {},
  needs: "faults",
  breaks: "backup.create",
  run: async (stage, world) => {
    await breakAt(stage, world, "backup.create", { does: { what: "hang", effect: true } });
    const timeoutMs = { ...defaultOptions.timeoutMs, capture: 800 };
    const { summary } = await stage.run("backup", { kind, timeoutMs });
    await expectNothingHeld(stage, summary);
    if (summary.status !== "succeeded") await expectNothingMade(stage, summary);
  },
};

/** The same with faults on demand: of each part of a capture that holds something. */
export const holdFaultCases: readonly Case[] = [...lostReplies, ...failures, silent];
