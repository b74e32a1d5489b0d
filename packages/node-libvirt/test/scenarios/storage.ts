import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { EventStream, PoolLifecycleEvent, PoolRef, StreamPart } from "../../src/index.ts";
import { expectError } from "./expectations.ts";
import { take } from "./take.ts";
import type { World } from "./world.ts";

/** A storage pool and its volumes. */
export const storageScenarios = (world: World): void => {
  const { name } = world.options;

  describe("a storage pool", () => {
    let pool: PoolRef;
    let events: EventStream<PoolLifecycleEvent>;

    test("is defined, built and started", async () => {
      const { poolFolder } = world.options;
      pool = await world.libvirt.pools.define(
        `<pool type='dir'><name>${name}</name><target><path>${poolFolder}</path></target></pool>`,
      );
      events = await world.libvirt.events.poolLifecycle(pool);
      expect(await world.libvirt.pools.byName(name)).toEqual(pool);
      expect(await world.libvirt.pools.byUuid(pool.uuid)).toEqual(pool);
      expect(await world.libvirt.pools.list()).toContainEqual(pool);
      expect(await world.libvirt.pools.isPersistent(pool)).toBe(true);
      expect(await world.libvirt.pools.isActive(pool)).toBe(false);
      await world.libvirt.pools.build(pool);
      await world.libvirt.pools.start(pool);
      await world.libvirt.pools.refresh(pool);
      expect(await world.libvirt.pools.isActive(pool)).toBe(true);
      await world.libvirt.pools.setAutostart(pool, true);
      expect(await world.libvirt.pools.autostart(pool)).toBe(true);
      const { state, capacity, available } = await world.libvirt.pools.info(pool);
      expect(state).toBe("running");
      expect(available).toBeLessThanOrEqual(capacity);
      expect(await world.libvirt.pools.xml(pool)).toContain(poolFolder);
      await expectError(world.libvirt.pools.byName(`${name}-none`), "no-storage-pool");
    });

    test("holds volumes", async () => {
      const xml = (volume: string) => `<volume><name>${volume}</name><capacity>1048576</capacity></volume>`;
      const path = `${world.options.poolFolder}/one`;
      const one = await world.libvirt.volumes.create(pool, xml("one"));
      expect(one).toEqual({ pool: name, name: "one", key: path });
      await expectError(world.libvirt.volumes.create(pool, xml("one")), "storage-volume-exists");
      expect(await world.libvirt.volumes.byName(pool, "one")).toEqual(one);
      expect(await world.libvirt.volumes.byKey(path)).toEqual(one);
      expect(await world.libvirt.volumes.byPath(path)).toEqual(one);
      expect(await world.libvirt.volumes.path(one)).toBe(path);
      expect(await world.libvirt.pools.byVolume(one)).toEqual(pool);
      const two = await world.libvirt.volumes.clone(pool, xml("two"), one);
      expect(await world.libvirt.volumes.list(pool)).toEqual(expect.arrayContaining([one, two]));
      await world.libvirt.volumes.resize(two, 2_097_152);
      expect(await world.libvirt.volumes.info(two)).toMatchObject({ type: "file", capacity: 2_097_152 });
      expect(await world.libvirt.volumes.xml(two)).toContain("<name>two</name>");
      await world.libvirt.volumes.delete(one);
      await world.libvirt.volumes.delete(two);
      await expectError(world.libvirt.volumes.byName(pool, "one"), "no-storage-volume");
      expect(await world.libvirt.volumes.list(pool)).toEqual([]);
    });

    test.skipIf("STORAGE_VOL_UPLOAD" in world.options.unproved)("takes and gives bytes and holes", async () => {
      const size = 3 * 1_048_576;
      const xml = `<volume><name>bytes</name><capacity>${size}</capacity><allocation>0</allocation></volume>`;
      const volume = await world.libvirt.volumes.create(pool, xml);
      const bytes = randomBytes(1_048_576);
      async function* parts(): AsyncGenerator<StreamPart> {
        yield { kind: "data", bytes };
        yield { kind: "hole", length: 1_048_576 };
        yield { kind: "data", bytes };
      }
      expect(await world.libvirt.volumes.upload(volume, parts(), { length: size, sparse: true })).toBe(size);
      const expected = Buffer.concat([bytes, Buffer.alloc(1_048_576), bytes]);
      for (const sparse of [false, true]) {
        const read: Uint8Array[] = [];
        let holes = 0;
        for await (const part of world.libvirt.volumes.download(volume, { sparse })) {
          if (part.kind === "hole") holes += part.length;
          read.push(part.kind === "data" ? part.bytes : Buffer.alloc(part.length));
        }
        expect(Buffer.concat(read).equals(expected)).toBe(true);
        expect(holes).toBe(sparse ? 1_048_576 : 0);
      }
      await world.libvirt.volumes.delete(volume);
    });

    test("is stopped and undefined", async () => {
      await world.libvirt.pools.destroy(pool);
      await world.libvirt.pools.undefine(pool);
      const happened = (await take(events, 4)).map(({ pool: { uuid }, event }) => `${uuid} ${event}`);
      expect(happened).toEqual(["created", "started", "stopped", "undefined"].map((event) => `${pool.uuid} ${event}`));
      await events.close();
      await expectError(world.libvirt.pools.byUuid(pool.uuid), "no-storage-pool");
    });
  });
};
