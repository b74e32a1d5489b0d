import { createHash, randomBytes } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createPool,
  labMissing,
  requireLibvirtLab,
  libvirtLab,
  virsh,
  type LabPool,
} from "../../../labs/libvirt/lab.ts";
import { connect, type Libvirt, type PoolRef, type StreamPart, type VolumeRef } from "../src/index.ts";

const MiB = 1_048_576;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Half of it data, in pieces that no boundary of messages or pages falls on. */
const content = (size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  for (let at = 4096; at < size; at += 2 * MiB) randomBytes(Math.min(MiB + 12_345, size - at)).copy(bytes, at);
  return bytes;
};

async function* inPieces(bytes: Buffer, size = 100_003): AsyncGenerator<StreamPart> {
  for (let at = 0; at < bytes.length; at += size) yield { kind: "data", bytes: bytes.subarray(at, at + size) };
}

/** Holes where whole blocks are zero. */
async function* sparsely(bytes: Buffer, block = 65_536): AsyncGenerator<StreamPart> {
  for (let at = 0; at < bytes.length; at += block) {
    const piece = bytes.subarray(at, at + block);
    yield piece.every((byte) => byte === 0) ? { kind: "hole", length: piece.length } : { kind: "data", bytes: piece };
  }
}

const collect = async (parts: AsyncIterable<StreamPart>): Promise<Buffer> =>
  Buffer.concat(
    (await Array.fromAsync(parts)).map((part) => (part.kind === "data" ? part.bytes : Buffer.alloc(part.length))),
  );

const missing = libvirtLab() === undefined;

describe.skipIf(missing)(`volumes of a real daemon${missing ? `: ${labMissing}` : ""}`, () => {
  const size = 12 * MiB + 777;
  const bytes = content(size);
  let libvirt: Libvirt;
  let labPool: LabPool;
  let pool: PoolRef;

  beforeAll(async () => {
    const lab = requireLibvirtLab();
    libvirt = await connect(lab.uri);
    labPool = await createPool(lab, "stream");
    pool = await libvirt.pools.byName(labPool.name);
  });
  afterAll(async () => {
    for (const volume of await libvirt.volumes.list(pool)) await libvirt.volumes.delete(volume);
    await labPool[Symbol.asyncDispose]();
    await libvirt.close();
  });

  const create = (name: string, capacity = size): Promise<VolumeRef> =>
    libvirt.volumes.create(
      pool,
      `<volume><name>${name}</name><capacity>${capacity}</capacity><allocation>0</allocation>
       <target><format type='raw'/></target></volume>`,
    );

  /** What libvirt's own client reads from the volume. */
  const readByVirsh = async (name: string, ...options: readonly string[]): Promise<Buffer> => {
    const file = join(labPool.path, "..", `${name}.by-virsh`);
    await virsh(requireLibvirtLab(), "vol-download", "--pool", labPool.name, name, file, ...options);
    return await readFile(file);
  };

  test("bytes go up and come down unchanged", async () => {
    const volume = await create("plain");
    expect(await libvirt.volumes.upload(volume, inPieces(bytes), { length: size })).toBe(size);
    expect(sha256(await readByVirsh("plain"))).toBe(sha256(bytes));
    expect(sha256(await collect(libvirt.volumes.download(volume)))).toBe(sha256(bytes));
    expect(sha256(await collect(libvirt.reader.volumes.download(volume, { length: size })))).toBe(sha256(bytes));
  });

  test("holes stay holes, up and down", async () => {
    const volume = await create("sparse", 64 * MiB);
    const large = Buffer.concat([bytes, Buffer.alloc(64 * MiB - size)]);
    expect(await libvirt.volumes.upload(volume, sparsely(large), { length: large.length, sparse: true })).toBe(
      large.length,
    );
    expect(sha256(await readByVirsh("sparse"))).toBe(sha256(large));
    const { blocks } = await stat(join(labPool.path, "sparse"));
    expect(blocks * 512).toBeLessThan(9 * MiB);
    const parts = await Array.fromAsync(libvirt.volumes.download(volume, { sparse: true }));
    expect(parts.some(({ kind }) => kind === "hole")).toBe(true);
    const sent = parts.reduce((sum, part) => sum + (part.kind === "data" ? part.bytes.length : 0), 0);
    expect(sent).toBeLessThan(9 * MiB);
    expect(sha256(await collect(libvirt.volumes.download(volume, { sparse: true })))).toBe(sha256(large));
  });

  test("a range is written and read by offset and length", async () => {
    const volume = await create("range");
    const piece = bytes.subarray(4096, 4096 + 70_001);
    await libvirt.volumes.upload(volume, inPieces(piece, 1000), { offset: 5001, length: piece.length });
    expect((await readByVirsh("range", "--offset", "5001", "--length", "70001")).equals(piece)).toBe(true);
    const range = { offset: 5001 + 500, length: 1000 };
    expect((await collect(libvirt.volumes.download(volume, range))).equals(piece.subarray(500, 1500))).toBe(true);
    await expect(collect(libvirt.volumes.download(volume, { offset: size - 5, length: 10 }))).rejects.toThrow(
      /ended after 5 of 10 bytes/u,
    );
    expect(await collect(libvirt.volumes.download(volume, { length: 0 }))).toHaveLength(0);
  });

  test("a sparse upload leaves what is under its holes", async () => {
    const volume = await create("old");
    const ones = Buffer.alloc(MiB, 1);
    await libvirt.volumes.upload(volume, inPieces(ones), { length: MiB });
    async function* holeOnly(): AsyncGenerator<StreamPart> {
      yield { kind: "hole", length: MiB };
    }
    await libvirt.volumes.upload(volume, holeOnly(), { length: MiB, sparse: true });
    expect((await collect(libvirt.volumes.download(volume, { length: MiB }))).equals(ones)).toBe(true);
    await libvirt.volumes.upload(volume, holeOnly(), { length: MiB });
    expect((await collect(libvirt.volumes.download(volume, { length: MiB }))).equals(Buffer.alloc(MiB))).toBe(true);
  });

  test("a slow consumer holds back nothing but its own stream", async () => {
    const volume = await libvirt.volumes.byName(pool, "sparse");
    const parts = libvirt.volumes.download(volume);
    await parts.next();
    expect(await libvirt.volumes.info(volume)).toMatchObject({ capacity: 64 * MiB });
    const others = await Promise.all([1, 2, 3].map(() => collect(libvirt.volumes.download(volume, { length: 1000 }))));
    expect(others.map(({ length }) => length)).toEqual([1000, 1000, 1000]);
    await parts.return();
  });

  test("streams that are given up, up and down, leave nothing behind", async () => {
    const volume = await create("given-up", 64 * MiB);
    const abort = new AbortController();
    async function* endless(): AsyncGenerator<StreamPart> {
      for (let count = 0; ; count++) {
        if (count === 20) abort.abort();
        yield { kind: "data", bytes: bytes.subarray(0, MiB) };
      }
    }
    const up = libvirt.volumes.upload(volume, endless(), { signal: abort.signal });
    await expect(up).rejects.toMatchObject({ kind: "aborted", outcome: "unknown" });
    // The daemon has stopped: the size does not change any more, and the volume can be deleted.
    const file = join(labPool.path, "given-up");
    const { mtimeMs } = await stat(file);
    for await (const part of libvirt.volumes.download(volume)) {
      expect(part.kind).toBe("data");
      break;
    }
    expect((await stat(file)).mtimeMs).toBe(mtimeMs);
    await libvirt.volumes.delete(volume);
    await expect(libvirt.volumes.download(volume).next()).rejects.toMatchObject({ codeName: "no-storage-volume" });
    await expect(libvirt.volumes.upload(volume, inPieces(bytes))).rejects.toMatchObject({
      codeName: "no-storage-volume",
    });
  });

  test("the daemon's error ends an upload, and a read-only client may not download", async () => {
    const volume = await create("too-small", MiB);
    // Beyond the length that was announced the daemon itself refuses.
    await expect(libvirt.volumes.upload(volume, inPieces(bytes), { length: MiB })).rejects.toThrow(/more than the/u);
    const readOnly = await connect(requireLibvirtLab().uri, { readOnly: true });
    await expect(readOnly.volumes.download(volume).next()).rejects.toMatchObject({ codeName: "operation-denied" });
    await readOnly.close();
  });

  test("what another client wrote is read", async () => {
    const volume = await create("by-virsh");
    const file = join(labPool.path, "..", "source");
    await writeFile(file, bytes);
    await virsh(requireLibvirtLab(), "vol-upload", "--pool", labPool.name, "by-virsh", file);
    expect(sha256(await collect(libvirt.volumes.download(volume)))).toBe(sha256(bytes));
  });
});
