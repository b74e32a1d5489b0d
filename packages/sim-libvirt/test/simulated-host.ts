import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type ConnectOptions, type Libvirt } from "@quiesce/node-libvirt";
import { onTestFinished } from "vitest";
import { createHypervisor, type Hypervisor, type Listener } from "../src/index.ts";

export interface TestHost {
  readonly hypervisor: Hypervisor;
  readonly listener: Listener;
  readonly uri: string;
  /** Opens a client, which is closed with the test. */
  readonly connect: (options?: ConnectOptions) => Promise<Libvirt>;
}

/** A folder with a short path, removed with the test. */
export const temporaryFolder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), "sim-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

/** A simulated host for one test, with the domain `db01` (two disks, an agent) that runs. */
export const simulatedHost = async (): Promise<TestHost> => {
  const dir = temporaryFolder();
  const hypervisor = createHypervisor({ dir, name: "hv1" });
  await hypervisor.addDomain({ name: "db01", disks: [{ content: "A" }, { content: "A" }] });
  const listener = await hypervisor.listen(join(dir, "s"));
  onTestFinished(() => listener.close());
  const uri = `qemu+unix:///system?socket=${listener.socketPath}`;
  const open = async (options?: ConnectOptions) => {
    const libvirt = await connect(uri, options);
    onTestFinished(() => libvirt.close());
    return libvirt;
  };
  return { hypervisor, listener, uri, connect: open };
};
