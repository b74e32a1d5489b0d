/**
 * The set's name in a snapshot's name as the reference system gives it: `<instance id>-<set>`, and `vm-<set>` up to its plugin
 * 0.4. Undefined for any other name. Such a snapshot carries no mark, so that it is told to people and never touched.
 */
export const referenceSet = (instance: string, snapshot: string): string | undefined => {
  const prefix = [`${instance}-`, "vm-"].find((one) => snapshot.startsWith(one) && snapshot.length > one.length);
  return prefix === undefined ? undefined : snapshot.slice(prefix.length);
};
