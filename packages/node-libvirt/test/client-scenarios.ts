import { afterAll, beforeAll, expect, test } from "vitest";
import { connect, type CallReport, type DomainRef, type Libvirt } from "../src/index.ts";
import { procedures, type Procedure } from "../src/protocol/index.ts";
import { agentScenarios } from "./scenarios/agent.ts";
import { backupScenarios } from "./scenarios/backup.ts";
import { blockJobScenarios } from "./scenarios/block-job.ts";
import { domainEndScenarios } from "./scenarios/domain-end.ts";
import { domainScenarios } from "./scenarios/domain.ts";
import { hostScenarios } from "./scenarios/host.ts";
import { jobScenarios } from "./scenarios/job.ts";
import { networkScenarios } from "./scenarios/network.ts";
import { saveImageScenarios } from "./scenarios/save-image.ts";
import { sessionScenarios } from "./scenarios/session.ts";
import { snapshotScenarios } from "./scenarios/snapshot.ts";
import { storageScenarios } from "./scenarios/storage.ts";
import type { World } from "./scenarios/world.ts";

/** What the scenarios need of the daemon that they run against: the real one, or a simulated one. */
export interface ScenarioOptions {
  /** With the daemon's socket as a parameter: `qemu+unix:///session?socket=/path`. The daemon has the test driver too. */
  readonly uri: string;
  /** Name for everything that the scenarios make; nothing else at the daemon has it. */
  readonly name: string;
  /**
   * Definition of a domain with that name, with an agent, suspend-to-memory and two qcow2 disks with a file system each:
   * ext4 on vda, mounted at /vda, and on vdb, mounted at /vdb.
   */
  readonly guestXml: () => Promise<string>;
  /** A folder that the daemon can make. */
  readonly poolFolder: string;
  /** Stops the guest's agent for some seconds. */
  readonly hangAgent: (libvirt: Libvirt, domain: DomainRef, seconds: number) => Promise<void>;
  /** Begins a backup job on the guest, by other means than this client. A `pull` job lasts until it is aborted. */
  readonly beginBackup: (mode: "push" | "pull") => Promise<void>;
  /** Procedures that the daemon cannot perform, with the reason. */
  readonly unproved: Readonly<Record<string, string>>;
}

/** Every call against one daemon. The tests run in order and share one guest, because it takes long to boot. */
export const clientScenarios = (options: ScenarioOptions): void => {
  const performed = new Set<string>();
  const onCall = ({ procedure, outcome }: CallReport) => {
    if (outcome === "ok") performed.add(procedure);
  };
  // Client and guest come with the first hook and the first scenario.
  const world = { options, onCall } as World;

  beforeAll(async () => {
    world.libvirt = await connect(options.uri, { onCall });
    world.lifecycle = await world.libvirt.events.lifecycle();
  });
  afterAll(() => world.libvirt.close());

  sessionScenarios(world);
  hostScenarios(world);
  domainScenarios(world);
  agentScenarios(world);
  jobScenarios(world);
  backupScenarios(world);
  snapshotScenarios(world);
  blockJobScenarios(world);
  saveImageScenarios(world);
  domainEndScenarios(world);
  storageScenarios(world);
  networkScenarios(world);

  test("the daemon has performed every procedure", async () => {
    await world.lifecycle.close();
    await world.libvirt.close();
    const missing = Object.values<Procedure>(procedures).filter(({ name }) => !performed.has(name));
    expect(missing.map(({ name }) => name).sort()).toEqual(Object.keys(options.unproved).sort());
  });
};
