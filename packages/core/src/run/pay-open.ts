import type { Drive } from "./drive.ts";
import { isOwed, type DebtState } from "./run-state.ts";

/**
 * Makes the debts of the journal known to this process, and pays those that are due, side by side: one provider that
 * is dead does not keep the others' guests. What stays unpaid stays open.
 */
export const payOpen = async (drive: Drive, isDue: (debt: DebtState) => boolean): Promise<void> => {
  const { debts } = await drive.store.state(drive.run);
  const open = [...debts.values()].filter(isOwed);
  for (const { spec, by } of open) drive.cashier.owe(spec, by);
  await Promise.allSettled(open.filter(isDue).map(({ spec }) => drive.cashier.pay(spec.key, "recovery")));
};
