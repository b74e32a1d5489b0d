import { names } from "../names.ts";
import type { Restore } from "./backup-restore-context.ts";
import type { Identity } from "./backup-restore-machine.ts";
import type { RestoreId } from "./backup-restore-mark.ts";

/** A restore as its own run names it. */
export const restoreIdOf = ({ tag, backup }: Restore): RestoreId => ({
  store: tag.store,
  run: tag.run,
  backup: backup?.name ?? "",
});

/** What the names of new volumes begin with: of a new machine its own name. Only in the restore's own run. */
export const baseOf = (c: Restore, { is, name }: Pick<Identity, "is" | "name">): string => {
  if (is === "same") return c.name({ ...names, max: longestBase });
  const fit = Array.from(name, (character) => (names.allow.test(character) ? character : "-")).join("");
  return `${fit.slice(0, longestBase - 9)}-${c.requestId.slice(0, 8)}`;
};

/** So that `-vda.qcow2.look.part` fits behind it in every kind of pool. */
const longestBase = 96;
