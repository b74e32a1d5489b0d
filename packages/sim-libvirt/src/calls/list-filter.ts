/** One group of list flags: if any of its flags is set, an object passes only by one that fits it. */
export type FlagGroup = readonly (readonly [flag: number, fits: boolean])[];

/** Whether an object passes a list call's flags: in every group that is used, one flag must fit. */
export const passes = (flags: number, groups: readonly FlagGroup[]): boolean =>
  groups.every((group) => {
    const used = group.filter(([flag]) => (flags & flag) !== 0);
    return used.length === 0 || used.some(([, fits]) => fits);
  });
