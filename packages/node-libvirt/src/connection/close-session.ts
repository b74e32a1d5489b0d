import { procedures } from "../protocol/procedures.ts";
import type { Connection } from "./connection.ts";

const politenessMs = 1000;

/** Tells the daemon to end its side, then ends the connection. Calls that hang are not waited for, nor is a daemon that does. */
export const closeSession = async (connection: Connection): Promise<void> => {
  if (connection.unfinished === 0 && !connection.lost) {
    await connection.call(procedures.connectClose, undefined, { timeoutMs: politenessMs }).catch(() => {});
  }
  await connection.close();
};
