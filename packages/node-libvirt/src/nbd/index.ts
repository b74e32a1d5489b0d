export { connectNbd, type ConnectNbdOptions } from "./connect-nbd.ts";
export { tcpSocket, unixSocket, type NbdDial } from "./dial.ts";
export { listNbdExports, type ListNbdExportsOptions } from "./list-exports.ts";
export { NbdError, type NbdErrorCode } from "./nbd-error.ts";
export type { NbdSource } from "./nbd-source.ts";
export type { Range } from "./range.ts";
