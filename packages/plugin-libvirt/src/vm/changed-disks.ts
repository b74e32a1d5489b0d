import { placeText, type DomainDisk } from "../api/disk.ts";

/**
 * How the disks of a machine differ from those that it had when the snapshot was taken; nothing when they are the same. A
 * revert would put the old list back: a new disk would silently leave the machine, and a missing one cannot come back.
 */
export const changedDisks = (then: readonly DomainDisk[], now: readonly DomainDisk[]): readonly string[] => {
  const before = new Map(then.map((disk) => [disk.name, placeText(disk.source)]));
  const after = new Map(now.map((disk) => [disk.name, placeText(disk.source)]));
  return [
    ...[...before].flatMap(([name, old]) => {
      const current = after.get(name);
      if (current === old) return [];
      return current === undefined
        ? [`${name} (${old}) is no longer attached`]
        : [`${name} is ${current} now, and was ${old}`];
    }),
    ...[...after].flatMap(([name, current]) => (before.has(name) ? [] : [`${name} (${current}) was attached since`])),
  ];
};
