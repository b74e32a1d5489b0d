// Runs a backup in a process of its own that is to be killed in the middle: the copy of its first disk never ends.
import { openRepository } from "@quiesce/repository";
import type { Repository } from "@quiesce/core";
import { requireLibvirtLab } from "../../../labs/libvirt/lab.ts";
import { Rig } from "./rig.ts";

const [machine = "", folder = ""] = process.argv.slice(2);
const real = await openRepository(folder);
const repository: Repository = {
  ...real,
  folder: (place) => ({
    ...real.folder(place),
    putDisk: async ({ disk }) => {
      console.log(`copies ${disk}`);
      return await new Promise<never>(() => {
        setInterval(() => {}, 1000);
      });
    },
  }),
};
const rig = new Rig(requireLibvirtLab(), { db: { kind: "vm", id: machine } }, undefined, repository);
await rig.run("backup", { kind: "backup", name: "killed" });
