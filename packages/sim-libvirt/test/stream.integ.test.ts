import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { StreamPart } from "@quiesce/node-libvirt";
import { describe, expect, test, vi } from "vitest";
import { simulatedHost } from "./simulated-host.ts";

const capacity = 262_144;

async function* only(bytes: Buffer): AsyncGenerator<StreamPart> {
  yield { kind: "data", bytes };
}

const scene = async () => {
  const host = await simulatedHost();
  const { hypervisor } = host;
  hypervisor.addPool({ name: "pool", path: join(hypervisor.dir, "pool") });
  const libvirt = await host.connect();
  const pool = await libvirt.pools.byName("pool");
  const create = (name: string, format = "raw") =>
    libvirt.volumes.create(
      pool,
      `<volume><name>${name}</name><capacity>${capacity}</capacity><target><format type='${format}'/></target></volume>`,
    );
  type Volume = Awaited<ReturnType<typeof create>>;
  const upload = (volume: Volume, bytes: Buffer, options?: Parameters<typeof libvirt.volumes.upload>[2]) =>
    libvirt.volumes.upload(volume, only(bytes), options);
  const download = async (volume: Volume) => {
    const parts: Uint8Array[] = [];
    for await (const part of libvirt.volumes.download(volume, {})) if (part.kind === "data") parts.push(part.bytes);
    return Buffer.concat(parts);
  };
  return { ...host, libvirt, pool, create, upload, download };
};

const content = Buffer.alloc(capacity, "content");

describe("a volume's bytes", () => {
  test("go up and down again", async () => {
    const { create, upload, download } = await scene();
    const volume = await create("raw");
    await upload(volume, content);
    expect((await download(volume)).equals(content)).toBe(true);
  });

  test("may outgrow its capacity, unless a length says how many they are", async () => {
    const { create, upload, libvirt } = await scene();
    const volume = await create("raw");
    await expect(upload(volume, content, { length: 10 })).rejects.toThrow(/No space left|10/u);
    await upload(volume, Buffer.concat([content, content]));
    expect(await libvirt.volumes.info(volume)).toMatchObject({ capacity: 2 * capacity });
  });

  test("of a qcow2 are a container, which a guest does not see", async () => {
    const { create, upload, download, libvirt, pool } = await scene();
    const raw = await create("raw");
    await upload(raw, content);
    const disk = await libvirt.volumes.clone(
      pool,
      `<volume><name>disk</name><capacity>${capacity}</capacity><target><format type='qcow2'/></target></volume>`,
      raw,
    );
    const container = await download(disk);
    expect(container.subarray(0, 4).toString("latin1")).toBe("QFI\u00fb");
    expect(container.equals(content)).toBe(false);
    const copy = await create("copy", "qcow2");
    await upload(copy, container);
    expect(readFileSync(copy.key).equals(content)).toBe(true);
  });

  test("that are no container make a qcow2 that no guest starts from", async () => {
    const { create, upload, libvirt } = await scene();
    const volume = await create("disk", "qcow2");
    await upload(volume, content);
    const broken = await libvirt.domains.define(`<domain type='qemu'><name>broken</name><memory>1024</memory>
      <os><type>hvm</type></os><devices><disk><driver type='qcow2'/><source file='${volume.key}'/><target dev='vda'/>
      </disk></devices></domain>`);
    await expect(libvirt.domains.start(broken)).rejects.toThrow(/Image is not in qcow2 format/u);
  });

  test("may be deleted under a running guest", async () => {
    const { hypervisor, libvirt } = await scene();
    hypervisor.addPool({ name: "images", path: join(hypervisor.dir, "images") });
    const pool = await libvirt.pools.byName("images");
    const [volume] = await libvirt.volumes.list(pool);
    expect(volume).toBeDefined();
    if (volume !== undefined) await libvirt.volumes.delete(volume);
    expect(hypervisor.truth.volumes()).not.toContainEqual(expect.objectContaining({ name: volume?.name }));
    expect(hypervisor.truth.removed()).toContainEqual(
      expect.objectContaining({ object: { kind: "volume", name: `images/${volume?.name}` } }),
    );
  });
});

describe("a fault of a stream", () => {
  test("ends the connection in the middle", async () => {
    const { hypervisor, create, upload, download, connect } = await scene();
    const volume = await create("raw");
    await upload(volume, content);
    hypervisor.faults.add({
      on: { procedure: "storageVolDownload", object: "pool/raw" },
      do: { kind: "cut", afterBytes: 100_000 },
    });
    await expect(download(volume)).rejects.toThrow(/lost/u);
    hypervisor.faults.add({ on: { procedure: "storageVolUpload" }, do: { kind: "cut", afterBytes: 3 } });
    const again = await connect();
    await expect(again.volumes.upload(volume, only(Buffer.alloc(capacity, "x")))).rejects.toThrow(/lost/u);
    await vi.waitFor(() => expect(readFileSync(volume.key).subarray(0, 5).toString("latin1")).toBe("xxxte"));
  });

  test("flips a byte of a download", async () => {
    const { hypervisor, create, upload, download } = await scene();
    const volume = await create("raw");
    await upload(volume, content);
    hypervisor.faults.add({ on: { procedure: "storageVolDownload" }, do: { kind: "flip", offset: 200_000 } });
    const bytes = await download(volume);
    const differs = bytes.findIndex((byte, at) => byte !== content[at]);
    expect(differs).toBe(200_000);
  });
});
