/** The same for both kinds of set: what is compared lies in the record. */
export { compareNetwork as snapshotRestore } from "./compare.ts";
