/** Numbers that look random and repeat with their seed. */
export interface Random {
  /** From 0 (inclusive) to 1. */
  fraction(): number;
  bytes(length: number): Uint8Array;
  uuid(): string;
  /** In the range that QEMU owns. */
  mac(): string;
}

/** Mulberry32: 32 bits of state are enough to place faults and make identifiers. */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const word = (): number => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const bytes = (length: number) => Uint8Array.from({ length }, () => word() & 0xff);
  const hex = (length: number) => Buffer.from(bytes(length)).toString("hex");
  return {
    fraction: () => word() / 2 ** 32,
    bytes,
    uuid: () => `${hex(4)}-${hex(2)}-4${hex(2).slice(1)}-8${hex(2).slice(1)}-${hex(6)}`,
    mac: () => ["52:54:00", ...Array.from({ length: 3 }, () => hex(1))].join(":"),
  };
};
