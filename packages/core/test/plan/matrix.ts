import type { Matrix } from "../../src/capability/capability.ts";
import { byCompare, bypassed, byVm, noApi, notApplicable, supported } from "../../src/capability/declare.ts";

const yes = supported("0.1.0");
const all = {
  "snapshot.create": yes,
  "snapshot.restore": yes,
  "snapshot.remove": yes,
  "backup.create": yes,
  "backup.restore": yes,
  "backup.remove": yes,
} as const;

/** A hypervisor: machines take the content of their volumes, networks are compared. */
export const hypervisor: Matrix = {
  vm: { suspend: yes, resume: yes, freeze: yes, thaw: yes, ...all },
  volume: {
    "snapshot.create": byVm("0.1.0"),
    "snapshot.restore": byVm("0.1.0"),
    "snapshot.remove": byVm("0.1.0"),
    "backup.create": yes,
    "backup.restore": yes,
    "backup.remove": bypassed("0.1.0", { kind: "vm", operation: "backup.remove" }, "goes with its machine"),
  },
  network: { ...all, "snapshot.restore": byCompare("0.1.0"), "backup.restore": byCompare("0.1.0") },
};

/** A cloud without a guest agent: each volume by itself, no freeze at all. */
export const cloud: Matrix = {
  vm: {
    suspend: yes,
    resume: yes,
    freeze: notApplicable("the cloud has no guest agent"),
    thaw: notApplicable("the cloud has no guest agent"),
    ...all,
    "snapshot.create": noApi("the cloud has images only"),
  },
  volume: { ...all, "snapshot.restore": noApi("a snapshot makes new volumes only") },
  network: {
    "snapshot.create": notApplicable("networks have no content"),
    "snapshot.restore": notApplicable("networks have no content"),
    "snapshot.remove": notApplicable("networks have no content"),
    "backup.create": notApplicable("networks have no content"),
    "backup.restore": notApplicable("networks have no content"),
    "backup.remove": notApplicable("networks have no content"),
  },
};
