import { readFileSync } from "node:fs";
import { blockCommitFlags, blockJobAbortFlags, snapshotCreateFlags } from "@quiesce/node-libvirt";
import { describe, expect, test, vi } from "vitest";
import { backupScene } from "./backup-scene.ts";

const text = (bytes: Buffer): string => bytes.toString("latin1").replaceAll("\0", "");

describe("a merge of overlays", () => {
  const snapshotXml = "<domainsnapshot><name>s</name></domainsnapshot>";

  test("that is never ready is not pivoted, and hangs the deletion of its snapshot until the guest is gone", async () => {
    const { hypervisor, libvirt, domain, guest, truth } = await backupScene();
    hypervisor.configure({ blockJobMs: null });
    await libvirt.snapshots.create(domain, snapshotXml, snapshotCreateFlags.diskOnly);
    const { active } = blockCommitFlags;
    await libvirt.blockJobs.commit(domain, "vda", {}, active);
    expect(truth().blockJobs).toEqual({ vda: { type: "active-commit", ready: false } });
    await expect(libvirt.blockJobs.abort(domain, "vda", blockJobAbortFlags.pivot)).rejects.toThrow(
      /not ready for pivot yet/u,
    );
    await libvirt.blockJobs.abort(domain, "vda");
    const deleted = libvirt.snapshots.delete({ name: "s", domain }).catch((error: unknown) => error);
    await vi.waitFor(() => expect(Object.keys(truth().blockJobs)).toEqual(["vda", "vdb"]));
    expect(guest.pathOf("vda")).toMatch(/\.s$/u);
    await libvirt.domains.destroy(domain);
    expect(await deleted).toMatchObject({ codeName: "operation-failed" });
    expect(truth().snapshots).toMatchObject([{ name: "s" }]);
  });

  test("that is late pivots when it is ready", async () => {
    const { hypervisor, libvirt, domain, guest, truth } = await backupScene();
    hypervisor.configure({ blockJobMs: 60 });
    const base = guest.pathOf("vda");
    await libvirt.snapshots.create(domain, snapshotXml, snapshotCreateFlags.diskOnly);
    await guest.write("vda", 0, Buffer.from("B"));
    await libvirt.blockJobs.commit(domain, "vda", {}, blockCommitFlags.active);
    const pivot = () => libvirt.blockJobs.abort(domain, "vda", blockJobAbortFlags.pivot);
    await expect(pivot()).rejects.toThrow(/not ready for pivot yet/u);
    await vi.waitFor(() => expect(truth().blockJobs).toMatchObject({ vda: { ready: true } }));
    await guest.write("vda", 1, Buffer.from("C"));
    await pivot();
    expect(guest.pathOf("vda")).toBe(base);
    expect(text(readFileSync(base))).toBe("BC");
  });
});
