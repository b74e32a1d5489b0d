// The numbers of the NBD protocol that this client uses (document "The NBD protocol", doc/proto.md of the reference server).

export const magic = {
  server: 0x4e42_444d_4147_4943n,
  option: 0x4948_4156_454f_5054n,
  oldServer: 0x0000_4202_8186_1253n,
  optionReply: 0x0003_e889_0455_65a9n,
  request: 0x2560_9513,
  simpleReply: 0x6744_6698,
  chunk: 0x668e_33ef,
} as const;

/** Both sides' flags of the handshake. */
export const handshakeFlags = { fixedNewstyle: 1, noZeroes: 2 } as const;

export const options = { abort: 2, list: 3, go: 7, structuredReply: 8, setMetaContext: 10 } as const;

export const optionReplies = { ack: 1, server: 2, info: 3, metaContext: 4 } as const;

/** An option's reply of this bit or above is an error. */
export const optionErrorBit = 0x8000_0000;

export const optionErrors = {
  unsupported: 0x8000_0001,
  policy: 0x8000_0002,
  invalid: 0x8000_0003,
  platform: 0x8000_0004,
  tlsRequired: 0x8000_0005,
  unknown: 0x8000_0006,
  shutdown: 0x8000_0007,
  blockSizeRequired: 0x8000_0008,
  tooBig: 0x8000_0009,
} as const;

export const infos = { export: 0, blockSize: 3 } as const;

export const exportFlags = { canMultiConn: 0x100 } as const;

export const commands = { read: 0, disconnect: 2, blockStatus: 7 } as const;

export const chunkFlags = { done: 1 } as const;

export const chunkTypes = {
  none: 0,
  data: 1,
  hole: 2,
  blockStatus: 5,
  /** An error chunk has this bit. */
  errorBit: 0x8000,
  error: 0x8001,
  errorOffset: 0x8002,
} as const;

/** Bits of an extent in the context `base:allocation`. */
export const allocation = { readsAsZeroes: 2 } as const;

/** Bits of an extent in a context `qemu:dirty-bitmap:<name>`. */
export const dirtyBitmap = { dirty: 1 } as const;

/** Strings of the protocol have at most this many bytes. */
export const maxStringBytes = 4096;
