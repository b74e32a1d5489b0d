/** Numbers of the NBD protocol, as far as the server speaks it (the protocol's own document, `doc/proto.md` of nbd). */
export const magic = {
  server: 0x4e42_444d_4147_4943n,
  option: 0x4948_4156_454f_5054n,
  optionReply: 0x0003_e889_0455_65a9n,
  request: 0x2560_9513,
  simpleReply: 0x6744_6698,
  structuredReply: 0x668e_33ef,
} as const;

export const handshakeFlags = { fixedNewstyle: 1, noZeroes: 2 } as const;

export const options = {
  exportName: 1,
  abort: 2,
  list: 3,
  info: 6,
  go: 7,
  structuredReply: 8,
  listMetaContext: 9,
  setMetaContext: 10,
} as const;

export const replies = {
  ack: 1,
  server: 2,
  info: 3,
  metaContext: 4,
  unsupported: 0x8000_0001,
  invalid: 0x8000_0003,
  unknown: 0x8000_0006,
} as const;

export const infos = { export: 0, blockSize: 3 } as const;

/** What QEMU says of the export of a backup: read-only, FLUSH, FUA, DF, several connections, CACHE. */
export const transmissionFlags = 1 | 2 | 4 | 8 | 128 | 256 | 1024;

export const commands = { read: 0, write: 1, disconnect: 2, flush: 3, trim: 4, cache: 5, blockStatus: 7 } as const;

export const commandFlags = { dontFragment: 4, one: 8 } as const;

export const chunks = { none: 0, data: 1, hole: 2, blockStatus: 5, error: 0x8001 } as const;
export const chunkDone = 1;

/** Numbers of errors on the wire. */
export const errors = { perm: 1, io: 5, invalid: 22 } as const;

/** Most bytes of one read. */
export const maxReadBytes = 33_554_432;
