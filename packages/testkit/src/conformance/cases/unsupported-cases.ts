import { expect } from "vitest";
import {
  cellOf,
  kinds,
  operationsOf,
  type BackupKind,
  type Kind,
  type Matrix,
  type Operation,
  type Workflow,
} from "@quiesce/core";
import type { Case } from "../conformance.ts";
import type { Stage } from "../stage.ts";

const workflowOf = (operation: Operation): Workflow | undefined => {
  if (operation === "suspend" || operation === "resume") return operation;
  return operation.endsWith(".create") ? "backup" : undefined;
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
            const options = operation.includes(".") ? { kind: operation.split(".")[0] as BackupKind } : {};
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
  options: { readonly kind?: BackupKind },
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
