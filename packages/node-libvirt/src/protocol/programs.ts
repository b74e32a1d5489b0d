/** Programs share one connection; each numbers its procedures by itself. All are at version 1. */
export const programs = {
  /** Calls and events of every libvirt driver. */
  remote: 0x2000_8086,
  /** Calls that only QEMU has. */
  qemu: 0x2000_8087,
  /** PING and PONG, both sent as events with serial 0. */
  keepalive: 0x6b65_6570,
} as const;

export const protocolVersion = 1;

export const keepaliveProcs = { ping: 1, pong: 2 } as const;
