/** The same for both kinds of set: what is compared lies in the record. */
export { compareNetwork as backupRestore } from "./compare.ts";
