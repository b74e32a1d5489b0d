/** `statfs` types of Linux (linux/magic.h) where SQLite's locks do not hold between machines. */
const names: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xfe534d42, "SMB2"],
  [0xff534d42, "CIFS"],
  [0x01021997, "9p"],
  [0x5346414f, "AFS"],
  [0x00c36400, "Ceph"],
  [0x73757245, "Coda"],
]);

/** The name of the network file system that `statfs` tells, or undefined for a local (or unknown) one. */
export const networkFileSystem = (type: number): string | undefined => names.get(type >>> 0);
