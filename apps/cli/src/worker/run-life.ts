import type { RunRecord } from "@quiesce/core";
import { presenceOf } from "./presence.ts";
import { thisWorker } from "./this-worker.ts";

/**
 * Whether a run's process still works. `works`: it is on this machine. `leased`: it works, or died a short while ago
 * somewhere else; its lease ends by itself. `gone`: it provably runs no more (`worker`), or its lease has ended.
 */
export type Life =
  | { readonly is: "works" | "leased"; readonly until: string }
  | { readonly is: "gone"; readonly worker?: string };

export const lifeOf = ({ worker, heldUntil }: RunRecord, nowMs: number): Life => {
  if (heldUntil === undefined || Date.parse(heldUntil) <= nowMs) return { is: "gone" };
  const presence = presenceOf(worker, thisWorker());
  if (presence === "gone") return { is: "gone", worker };
  return { is: presence === "running" ? "works" : "leased", until: heldUntil };
};
