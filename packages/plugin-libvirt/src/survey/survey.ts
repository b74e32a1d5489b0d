import type { Kind, Surveyed, Target } from "@quiesce/core";
import type { Reader } from "../client/session.ts";
import { readInventory, type Listed } from "./inventory.ts";
import { surveyNetwork } from "./network.ts";
import { surveyVm } from "./vm.ts";
import { surveyVolume } from "./volume.ts";

/** Reads what planning must know of each target. All domains are listed only when a volume asks who uses it. */
export const survey = async (
  read: Reader,
  targets: readonly Target<Kind>[],
  signal: AbortSignal,
): Promise<readonly Surveyed[]> => {
  let listed: Promise<readonly Listed[]> | undefined;
  const inventory = (): Promise<readonly Listed[]> => (listed ??= readInventory(read, { signal }));
  return await Promise.all(
    targets.map((target): Promise<Surveyed> => {
      switch (target.kind) {
        case "vm":
          return surveyVm(read, { ...target, kind: "vm" }, { signal });
        case "volume":
          return surveyVolume(read, { ...target, kind: "volume" }, inventory, { signal });
        case "network":
          return surveyNetwork(read, { ...target, kind: "network" }, { signal });
      }
    }),
  );
};
