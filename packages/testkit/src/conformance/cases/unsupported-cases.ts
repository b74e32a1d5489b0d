import { expect } from "vitest";
import {
  asId,
  cellOf,
  kinds,
  operationsOf,
  type BackupKind,
  type Kind,
  type Manifest,
  type Matrix,
  type Operation,
  type Workflow,
} from "@quiesce/core";
import type { Case } from "../conformance.ts";
import { providerName } from "../scene-deployment.ts";
import type { Stage } from "../stage.ts";

const workflowOf = (operation: Operation): Workflow | undefined => {
  if (operation === "suspend" || operation === "resume") return operation;
  if (operation.endsWith(".create")) return "backup";
  if (operation.endsWith(".restore")) return "restore";
  return operation.endsWith(".remove") ? "remove_backup" : undefined;
};

/** A set as another release of the plugin may have made it: one item of the kind in question. */
const setOf = ({ deployment, scene }: Stage, kind: Kind, of: BackupKind): Manifest => {
  const ids = { vm: "vm1", volume: "data", network: "net1" } as const;
  const [vm] = scene.vms;
  const providerId = { vm: vm?.providerId, volume: vm?.volumes[0], network: scene.networks[0]?.providerId }[kind];
  return {
    schema: "quiesce.backup/1",
    id: asId("old-set"),
    name: "proof",
    kind: of,
    deployment: deployment.id,
    run: asId("old-run"),
    createdAt: asId("2026-01-01T00:00:00.000Z"),
    complete: true,
    items: [
      {
        instance: asId(ids[kind]),
        kind,
        provider: providerName,
        providerId: providerId ?? "",
        status: "ok",
        consistency: "crash",
        artefacts: [{ kind: "old", id: "old-artefact", owner: providerId ?? "", name: "old" }],
        saved: {},
      },
    ],
  };
};

/** Each cell that a plugin does not have is refused with its reason before the provider is asked to do anything. */
export const unsupportedCases = (matrix: Matrix): readonly Case[] =>
  kinds.flatMap((kind) =>
    operationsOf(kind).flatMap((operation): readonly Case[] => {
      const cell = cellOf(matrix, kind, operation);
      const workflow = workflowOf(operation);
      if (cell === undefined || workflow === undefined || !("reason" in cell) || cell.mode === "bypassed") return [];
      return [
        {
          title: `${kind} ${operation}: ${cell.mode === "no-api" ? "refused" : "left out"} (${cell.reason})`,
          proves: [],
          scene: sceneOf(kind),
          run: async (stage) => {
            const calls = await stage.scene.truth.mutations?.();
            const of = operation.includes(".") ? (operation.split(".")[0] as BackupKind) : undefined;
            const from = workflow === "backup" || of === undefined ? {} : { from: setOf(stage, kind, of) };
            const options = of === undefined ? {} : { kind: of, ...from };
            expect(await verdictOf(stage, workflow, options, kind, operation)).toContain(cell.reason);
            expect(await stage.scene.truth.mutations?.()).toBe(calls);
          },
        },
      ];
    }),
  );

const sceneOf = (kind: Kind) =>
  kind === "network" ? { vms: 0, networks: 1 } : { vms: 1, volumesPerVm: kind === "volume" ? 1 : 0, networks: 0 };

/** What planning says of the cell: its problem, or why it was left out. */
const verdictOf = async (
  stage: Stage,
  workflow: Workflow,
  options: { readonly kind?: BackupKind; readonly from?: Manifest },
  kind: Kind,
  operation: Operation,
): Promise<string> => {
  const planned = await stage.plan(workflow, options);
  if (!planned.ok) return planned.problems.map(({ message }) => message).join("\n");
  return planned.value.omitted
    .filter((omitted) => omitted.kind === kind && omitted.operation === operation)
    .map(({ reason }) => reason)
    .join("\n");
};
