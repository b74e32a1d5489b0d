import { spawnSync } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { open, rm } from "node:fs/promises";

const program = "qemu-img";

const stretchBytes = 16 * 1024 ** 2;

export interface DiskShape {
  readonly bytes: number;
  /** Spread evenly over the disk, in stretches of 16 MiB that do not compress. */
  readonly dataBytes: number;
}

/** Makes a qcow2 image. */
export const writeImage = async (image: string, { bytes, dataBytes }: DiskShape): Promise<void> => {
  const raw = `${image}.raw`;
  const stretches = dataBytes / stretchBytes;
  await using file = await open(raw, "w");
  const data = new Uint8Array(stretchBytes);
  for (let at = 0; at < stretches; at++) {
    // At multiples of a stretch, which need not be multiples of the distance.
    const offset = Math.floor((at * bytes) / stretches / stretchBytes) * stretchBytes;
    await file.write(randomFillSync(data), 0, stretchBytes, offset);
  }
  await file.truncate(bytes);
  const { status, stderr } = spawnSync(program, ["convert", "-O", "qcow2", raw, image], { encoding: "utf8" });
  await rm(raw);
  if (status !== 0) throw new Error(`qemu-img: ${stderr}`);
};
