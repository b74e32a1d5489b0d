/** What a relation may point to: instances, and selectors, which stand for all instances that they find. */
export interface Targets {
  readonly instances: ReadonlySet<string>;
  readonly selectors: ReadonlySet<string>;
  /** Of both, in the order of the file. */
  readonly names: readonly string[];
}
