/** `virDomainState` and, for each, the reasons that the simulator gives. */
const domainStates = {
  running: { state: 1, reasons: { booted: 1, restored: 3, "from-snapshot": 4, unpaused: 5, wakeup: 8 } },
  paused: { state: 3, reasons: { user: 1, migration: 2, save: 3, "io-error": 5, "from-snapshot": 7 } },
  shutoff: {
    state: 5,
    reasons: { unknown: 0, shutdown: 1, destroyed: 2, crashed: 3, saved: 5, failed: 6, "from-snapshot": 7 },
  },
  pmsuspended: { state: 7, reasons: { unknown: 0 } },
} as const;

type States = typeof domainStates;
type StateName = keyof States;
export type DomainState = {
  [S in StateName]: { readonly name: S; readonly reason: keyof States[S]["reasons"] };
}[StateName];

export const stateNumbers = ({ name, reason }: DomainState): { readonly state: number; readonly reason: number } => {
  const reasons: Readonly<Record<string, number>> = domainStates[name].reasons;
  return { state: domainStates[name].state, reason: reasons[reason] ?? 0 };
};
