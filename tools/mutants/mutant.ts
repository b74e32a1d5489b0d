/** A guard that protects users, switched off: the named test must turn red. */
export interface Mutant {
  /** What is switched off. */
  readonly guard: string;
  readonly file: string;
  /** Must occur exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  readonly test: { readonly project: string; readonly file: string; readonly title: string };
}
