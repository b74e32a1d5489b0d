import type { PoolRef, VolumeRef } from "@quiesce/node-libvirt";
import type { Stage } from "./stage.ts";

const ghost = { name: "ghost", uuid: "00000000-0000-4000-8000-000000000000" };

/** A pool that is a folder, and its volumes. */
export const storageStory = async ({ story, libvirt: { pools, volumes } }: Stage): Promise<void> => {
  const { name } = story;
  const path = `${story.folder}/${name}-pool`;
  const xml = (pool: string, folder = path) =>
    `<pool type='dir'><name>${pool}</name><target><path>${folder}</path></target></pool>`;
  let pool: PoolRef = ghost;
  const at = (volume: string): VolumeRef => ({ pool: name, name: volume, key: `${path}/${volume}` });
  const create = (volume: string) =>
    volumes.create(pool, `<volume><name>${volume}</name><capacity>65536</capacity></volume>`);

  await story.step("pool by a name that is not there", () => pools.byName("nobody"));
  await story.step("pool by a UUID that is not there", () => pools.byUuid(ghost.uuid));
  await story.step("volume by a path that is not there", () => volumes.byPath("/none"));
  await story.step("volume by a key that is not there", () => volumes.byKey("/none"));
  await story.step("define a pool", async () => (pool = await pools.define(xml(name))));
  await story.step("define the same pool name anew", () => pools.define(xml(name, `${path}x`)));
  await story.step("define another pool at the same place", () => pools.define(xml(`${name}-2`)));
  await story.step("define a pool of no type", () => pools.define("<pool/>"));
  await story.step("inactive pool: volumes", () => volumes.list(pool));
  await story.step("inactive pool: volume", () => volumes.byName(pool, "v"));
  await story.step("inactive pool: refresh", () => pools.refresh(pool));
  await story.step("start a pool whose folder is not there", () => pools.start(pool));
  await story.step("build the pool", () => pools.build(pool));
  await story.step("start the pool", () => pools.start(pool));
  await story.step("start the pool again", () => pools.start(pool));
  await story.step("undefine the running pool", () => pools.undefine(pool));
  await story.step("make a volume", () => create("v"));
  await story.step("make the volume again", () => create("v"));
  await story.step("volume that is not there", () => volumes.byName(pool, "w"));
  await story.step("volume by its path", () => volumes.byPath(`${path}/v`));
  await story.step("copy the volume", () =>
    volumes.clone(pool, "<volume><name>w</name><capacity>0</capacity></volume>", at("v")),
  );
  await story.step("make the volume larger", () => volumes.resize(at("v"), 131_072));
  await story.step("its size", async () => (await volumes.info(at("v"))).capacity);
  await story.step("make the volume smaller than its bytes", () => volumes.resize(at("v"), 512));
  await story.step("delete the volume", () => volumes.delete(at("v")));
  await story.step("delete the volume again", () => volumes.delete(at("v")));
  await story.step("delete the copy", () => volumes.delete(at("w")));
  await story.step("volume of a pool that is not there", () => volumes.path({ pool: "nobody", name: "v", key: "" }));
  await story.step("stop the pool", () => pools.destroy(pool));
  await story.step("stop the pool again", () => pools.destroy(pool));
  await story.step("undefine the pool", () => pools.undefine(pool));
};
