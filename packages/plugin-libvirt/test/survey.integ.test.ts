import { asId, type InstanceId, type ProviderName } from "@quiesce/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPool, Guest, labMissing, libvirtLab, requireLibvirtLab, virsh } from "../../../labs/libvirt/lab.ts";
import { libvirt } from "../src/index.ts";
import { Rig } from "./rig.ts";

describe.skipIf(libvirtLab() === undefined)(
  `survey, discovery, doctor${libvirtLab() ? "" : ` (${labMissing})`}`,
  () => {
    let guest: Guest;
    beforeAll(async () => {
      guest = await Guest.start(requireLibvirtLab(), "see");
    });
    afterAll(() => guest.remove());

    test("a machine by name and by UUID is one thing, with its disks and the paths of their files", async () => {
      await using rig = new Rig(guest.lab, {
        name: { kind: "vm", id: guest.name },
        uuid: { kind: "vm", id: guest.uuid.toUpperCase() },
        nobody: { kind: "vm", id: "nobody" },
      });
      const { surveys, unsurveyed } = await rig.facts();
      const [byName, byUuid] = [surveys[asId<InstanceId>("name")], surveys[asId<InstanceId>("uuid")]];
      expect(byName).toMatchObject({
        providerId: guest.uuid,
        name: guest.name,
        state: "running (restored)",
        lowered: [],
      });
      expect(byUuid).toEqual({ ...byName, instance: "uuid" });
      expect(byName?.disks.map(({ name, volume, captured }) => [name, volume, captured["snapshot.create"].by])).toEqual(
        [
          ["vda", guest.diskPath("vda"), "vm"],
          ["vdb", guest.diskPath("vdb"), "vm"],
        ],
      );
      expect(unsurveyed[asId<InstanceId>("nobody")]).toMatchObject({
        is: "missing",
        reason: expect.stringContaining("virsh list"),
      });
    });

    test("the fingerprint stays while nothing changes, and changes with the state", async () => {
      await using rig = new Rig(guest.lab, { it: { kind: "vm", id: guest.name } });
      const digest = async () => (await rig.facts()).surveys[asId<InstanceId>("it")]?.fingerprint;
      const running = await digest();
      expect(await digest()).toBe(running);
      await guest.virsh("suspend");
      expect(await digest()).not.toBe(running);
      await guest.virsh("resume");
      expect(await digest()).toBe(running);
    });

    test("a word that is one machine's UUID and another's name is ambiguous, and both ids are told", async () => {
      await using twin = await Guest.define(guest.lab, "twin");
      await twin.virsh("domrename", guest.uuid);
      await using rig = new Rig(guest.lab, { it: { kind: "vm", id: guest.uuid } });
      const { unsurveyed } = await rig.facts();
      expect(unsurveyed[asId<InstanceId>("it")]).toMatchObject({ is: "ambiguous", ids: [guest.uuid, twin.uuid] });
      await virsh(guest.lab, "domrename", twin.uuid, twin.name);
    });

    test("a volume by pool and name, by path, and as a disk in no pool; a raw disk keeps its machine from a snapshot", async () => {
      await using pool = await createPool(guest.lab, "pool");
      await virsh(guest.lab, "vol-create-as", pool.name, "data.raw", "16M", "--format", "raw");
      const path = `${pool.path}/data.raw`;
      await guest.virsh("attach-disk", path, "vdc", "--subdriver", "raw");
      await using rig = new Rig(guest.lab, {
        it: { kind: "vm", id: guest.name },
        named: { kind: "volume", id: `${pool.name}/data.raw` },
        path: { kind: "volume", id: path },
        loose: { kind: "volume", id: guest.diskPath("vda") },
        none: { kind: "volume", id: `${pool.name}/none` },
      });
      const { surveys, unsurveyed } = await rig.facts();
      expect(surveys[asId<InstanceId>("named")]).toMatchObject({ providerId: path, attachedTo: [guest.uuid] });
      expect(surveys[asId<InstanceId>("path")]).toMatchObject({ providerId: path, name: `${pool.name}/data.raw` });
      expect(surveys[asId<InstanceId>("loose")]).toMatchObject({
        providerId: guest.diskPath("vda"),
        attachedTo: [guest.uuid],
      });
      expect(unsurveyed[asId<InstanceId>("none")]).toMatchObject({ is: "missing" });
      const it = surveys[asId<InstanceId>("it")];
      expect(it?.disks.find(({ name }) => name === "vdc")).toMatchObject({ bytes: 16 * 2 ** 20, volume: path });
      expect(it?.lowered).toContainEqual(
        expect.objectContaining({ mode: "no-api", reason: expect.stringMatching(/Disk vdc has the format raw/) }),
      );
      await guest.virsh("detach-disk", "vdc");
      await expect.poll(async () => await guest.virsh("domblklist")).not.toContain("vdc");
    });

    test("a host of another driver is refused with what to use instead", async () => {
      const config = { uri: `test+unix:///default?socket=${guest.lab.socket}` };
      const opening = libvirt.open(config, { lane: "work", signal: new AbortController().signal });
      await expect(opening).rejects.toThrow(/test:\/\/\/default .*driver TEST.* qemu:\/\/\/system/);
    });

    test("discovery lists the machine with its volumes, and the doctor finds its agent well", async () => {
      await using rig = new Rig(guest.lab, { it: { kind: "vm", id: guest.name } });
      const connection = await rig.fleet.connection(asId<ProviderName>("lab"), "work");
      const found = await Array.fromAsync(connection.discover(new AbortController().signal));
      expect(found).toContainEqual({ kind: "vm", providerId: guest.uuid, name: guest.name });
      const path = guest.diskPath("vdb");
      expect(found).toContainEqual({ kind: "volume", providerId: path, name: path, attachedTo: guest.uuid });
      const findings = await rig.doctor();
      expect(findings[0]).toMatchObject({
        level: "ok",
        message: expect.stringMatching(/^libvirt \d+\.\d+\.\d+ answers/),
      });
      expect(findings).toContainEqual({ level: "ok", about: guest.name, message: "The guest agent answers." });
    });
  },
);
