import type { PoolRef, StreamPart, VolumeRef } from "@quiesce/node-libvirt";
import { clusterBytes, volumeOf, type BackupStage } from "./backup-stage.ts";

async function* only(bytes: Buffer): AsyncGenerator<StreamPart> {
  yield { kind: "data", bytes };
}

/** Bytes of volumes up and down, and what a volume may become. */
export const streamStory = async ({ story, libvirt: { volumes } }: BackupStage, pool: PoolRef): Promise<void> => {
  const xml = (name: string, format: string, allocation = 0) =>
    `<volume><name>${name}</name><capacity>${clusterBytes}</capacity><allocation>${allocation}</allocation>
      <target><format type='${format}'/></target></volume>`;
  const at = (name: string) => volumeOf(story, name);
  const content = Buffer.alloc(clusterBytes, "content");
  const upload = (volume: VolumeRef, bytes: Buffer, options = {}) => volumes.upload(volume, only(bytes), options);
  const download = async (volume: VolumeRef, options = {}) => {
    const parts: Uint8Array[] = [];
    let holes = 0;
    for await (const part of volumes.download(volume, options)) {
      if (part.kind === "data") parts.push(part.bytes);
      else holes += part.length;
    }
    const bytes = Buffer.concat(parts);
    return `${bytes.length} bytes, ${holes} of holes, begins with ${JSON.stringify(bytes.toString("latin1", 0, 7))}`;
  };
  const capacity = async (name: string) => (await volumes.info(at(name))).capacity;

  await story.step("upload to what is not there", () => upload(at("none"), content));
  await story.look("download of what is not there", () => download(at("none")));
  await story.step("a raw volume", () => volumes.create(pool, xml("raw", "raw")));
  await story.look("download of nothing but a hole, sparse", () => download(at("raw"), { sparse: true }));
  await story.step("upload", () => upload(at("raw"), content));
  await story.look("download", () => download(at("raw")));
  await story.look("download of a part", () => download(at("raw"), { offset: 7, length: 14 }));
  await story.step("upload beyond the capacity", () => upload(at("raw"), content, { offset: clusterBytes }));
  await story.look("its capacity", () => capacity("raw"));
  await story.step("a qcow2 of it", () => volumes.clone(pool, xml("copy", "qcow2"), at("raw")));
  await story.look("the qcow2's capacity", () => capacity("copy"));
  await story.look("download of the qcow2", async () =>
    (await download(at("copy"))).replace(/^.*begins/u, "begins").slice(0, 18),
  );
  await story.step("a raw one of the qcow2", () => volumes.clone(pool, xml("back", "raw"), at("copy")));
  await story.look("download of the raw one", () => download(at("back"), { length: 7 }));
  await story.step("a name that is taken", () => volumes.clone(pool, xml("back", "raw"), at("raw")));
  await story.step("grow", () => volumes.resize(at("copy"), 64 * clusterBytes));
  await story.step("grow by", () => volumes.resize(at("copy"), clusterBytes, 2));
  await story.look("its capacity then", () => capacity("copy"));
  await story.step("shrink without saying so", () => volumes.resize(at("copy"), 32 * clusterBytes));
  for (const name of ["raw", "copy", "back"]) await story.step(`delete ${name}`, () => volumes.delete(at(name)));
};
