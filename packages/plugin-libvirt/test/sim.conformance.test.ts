import { conformance } from "@quiesce/testkit";
import { libvirt } from "../src/index.ts";
import { simWorld } from "./worlds/sim-world.ts";

conformance({ plugin: libvirt, world: simWorld });
