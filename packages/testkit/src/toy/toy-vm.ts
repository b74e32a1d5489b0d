export interface ToyVm {
  readonly id: string;
  readonly name: string;
  power: "running" | "suspended" | "off";
  frozen: boolean;
  readonly volumes: readonly string[];
  /** Name inside the machine (`root`, or its volume's id) → the disk that is plugged in. */
  disks: ReadonlyMap<string, ToyDisk>;
  readonly connected: boolean;
  /** How many file systems its guest can freeze; undefined: one. */
  fileSystems?: number;
  /** How long its guest bears a freeze; undefined: for ever. */
  readonly maxFreezeMs?: number;
  /** What the one who suspended it noted down on the machine itself: the state before. */
  note?: ToyVm["power"] | undefined;
  /** Written by the restore that gave it its disks. */
  mark?: string | undefined;
  /** What it was before that restore. */
  before?: ToyBefore | undefined;
  /** The last restore that was taken back. */
  undone?: string;
}

export type ToyBefore = Pick<ToyVm, "power" | "disks" | "mark" | "before">;

export interface ToyDisk {
  readonly id: string;
  readonly name: string;
  /** Id of the machine that it is made for, that has it, or that had it. */
  owner?: string | undefined;
  /** Whose it is until a machine uses it. */
  tag?: string | undefined;
  /** The restore that replaced it and keeps it for the way back. */
  kept?: string;
  readonly bytes: Uint8Array;
}

export const blockBytes = 4096;
export const diskBytes = 16 * blockBytes;
const encoder = new TextEncoder();

/** The guest writes text into one block of a disk, chosen by the text, and tells which. */
export const writeText = ({ bytes }: ToyDisk, text: string): number => {
  const content = encoder.encode(text);
  const block = content.reduce((sum, byte) => sum + byte, 0) % (bytes.length / blockBytes);
  bytes.fill(0, block * blockBytes, (block + 1) * blockBytes);
  bytes.set(content.subarray(0, blockBytes), block * blockBytes);
  return block;
};

/** Everything that the guest wrote. */
export const contentOf = ({ disks }: Pick<ToyVm, "disks">): Uint8Array =>
  Buffer.concat([...disks.values()].map(({ bytes }) => bytes));
