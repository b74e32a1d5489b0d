// Loaded before the command line (`node --import`): SIGKILLs this very process at one of its points, so that a test can
// try them all. Nothing of the product knows of it.
//
// QUIESCE_POINTS_LOG   file to which each point is appended as it is reached: `NUMBER LABEL`
// QUIESCE_POINTS       regular expression: only points whose label it fits are points
// QUIESCE_STOP_AT      number of the point to die at; without it, or with one that is never reached, nothing happens
import { isMainThread } from "node:worker_threads";
import { createPoints } from "./create-points.ts";
import { watchLibvirt } from "./watch-libvirt.ts";
import { watchStore } from "./watch-store.ts";

const { QUIESCE_POINTS_LOG: log, QUIESCE_POINTS: only = "", QUIESCE_STOP_AT: at = 0 } = process.env;

if (isMainThread && log !== undefined) {
  const pass = createPoints({ log, only: new RegExp(only), at: Number(at) });
  watchStore(pass);
  watchLibvirt(pass);
}
