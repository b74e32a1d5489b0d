// Loaded before the command line (`node --import`): SIGKILLs this very process at one of its points, so that a test can
// try them all. Nothing of the product knows of it.
//
// QUIESCE_POINTS_LOG   file to which each point is appended as it is reached: `NUMBER LABEL`
// QUIESCE_STOP_AT      number of the point to die at; without it, or with one that is never reached, nothing happens
// QUIESCE_STOP_LABEL   or a regular expression: to die at the first point whose label it fits
import { isMainThread } from "node:worker_threads";
import { createPoints } from "./create-points.ts";
import { watchLibvirt } from "./watch-libvirt.ts";
import { watchStore } from "./watch-store.ts";

const { QUIESCE_POINTS_LOG: log, QUIESCE_STOP_AT: at, QUIESCE_STOP_LABEL: label } = process.env;

if (isMainThread && log !== undefined) {
  const pass = createPoints({ log, at: Number(at ?? 0), label: label === undefined ? undefined : new RegExp(label) });
  watchStore(pass);
  watchLibvirt(pass);
}
