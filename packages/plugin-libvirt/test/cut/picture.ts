import type { Hypervisor } from "@quiesce/sim-libvirt";
import type { Legacy } from "./process.ts";

/** All that matters of a machine and its host, without names that differ from machine to machine. */
export const pictureOf = ({ host, machine }: Legacy, files: readonly string[]) => {
  const { state, reason, managedSave, persistent, frozen, snapshots, checkpoints, bitmaps, backup, xml } =
    host.truth.domain(machine);
  return {
    state: state === "paused" && reason === "migration" ? "paused" : state,
    managedSave,
    persistent,
    frozen,
    snapshots: snapshots.map(({ state: taken, memory }) => ({ taken, memory })),
    checkpoints: checkpoints.length,
    bitmaps: Object.entries(bitmaps).map(([disk, all]) => ({ disk, broken: all.map(({ broken }) => broken) })),
    job: backup !== undefined,
    marks: [...xml.matchAll(/urn:quiesce:libvirt:(\w+)/g)].map(([, mark]) => mark),
    files: files.length,
    ...hostOf(host),
  };
};

const hostOf = ({ truth }: Hypervisor) => ({
  scratch: truth.volumes().flatMap(({ name }) => (name.includes("scratch") ? [name] : [])),
  transient: truth.domains().flatMap(({ persistent, name }) => (persistent ? [] : [name])),
});
