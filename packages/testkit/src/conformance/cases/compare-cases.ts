import { expect } from "vitest";
import type { BackupKind } from "@quiesce/core";
import type { Case } from "../conformance.ts";
import { first, rowOf } from "../look.ts";

const networkCases = (kind: BackupKind): readonly Case[] => [
  {
    title: `network ${kind}: an unchanged network compares as equal, a changed one as drifted, and neither is written to`,
    proves: [`network.${kind}.create`, `network.${kind}.restore`, `network.${kind}.remove`],
    scene: { vms: 0, networks: 1 },
    run: async (stage) => {
      const { networks, truth } = stage.scene;
      const network = first(networks);
      expect((await stage.run("backup", { kind })).summary.status).toBe("succeeded");
      const equal = await stage.run("restore", { kind });
      expect(rowOf(equal.summary, "net1", `${kind}.restore`)).toMatchObject({
        mode: "by-compare",
        status: "succeeded",
      });
      await truth.changeNetwork?.(network);
      const changed = await truth.networkDefinition?.(network);
      const calls = await truth.mutations?.();
      const drifted = await stage.run("restore", { kind });
      const row = rowOf(drifted.summary, "net1", `${kind}.restore`);
      expect(row.status).toBe("drifted");
      expect(row.drift).not.toEqual([]);
      expect(await truth.networkDefinition?.(network)).toBe(changed);
      expect(await truth.mutations?.()).toBe(calls);
      expect((await stage.run("remove_backup", { kind })).summary.status).toBe("succeeded");
    },
  },
];

export const compareCases: readonly Case[] = [...networkCases("snapshot"), ...networkCases("backup")];
