import { stepsOf, type Account, type Plan } from "@quiesce/core";

/** Keys of everything that a plan's steps work on or cover, by account: two hosts may have machines of one id. */
export const objectsOf = (plan: Plan): ReadonlySet<string> =>
  new Set(
    stepsOf(plan).flatMap(({ account, targets, covers }) =>
      [...targets, ...covers].map(({ providerId }) => objectKey(account, providerId)),
    ),
  );

export const objectKey = (account: Account, providerId: string): string => JSON.stringify([account, providerId]);
