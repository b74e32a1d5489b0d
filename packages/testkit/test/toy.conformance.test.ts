import { conformance, ToyCloud, toyPlugin, toyWorld } from "../src/index.ts";
import { systemClock } from "@quiesce/core";

conformance({ plugin: toyPlugin(new ToyCloud(systemClock)), world: async () => toyWorld() });
