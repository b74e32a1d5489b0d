import { conformance } from "@quiesce/testkit";
import { labMissing, libvirtLab } from "../../../labs/libvirt/lab.ts";
import { libvirt } from "../src/index.ts";
import { labWorld } from "./worlds/lab-world.ts";

conformance({
  plugin: libvirt,
  missing: labMissing,
  faults: false,
  world: async () => {
    const lab = libvirtLab();
    return lab === undefined ? undefined : labWorld(lab);
  },
});
