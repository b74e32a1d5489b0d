/** What can be wrong with a repository, changed while it is used. */
export interface RepositoryFaults {
  /** Bytes that can still be written; undefined: no end. */
  room: number | undefined;
  readOnly: boolean;
  /** How long each block takes. */
  delayMs: number;
  /** This many of the next files are kept, and whoever wrote them hears that the connection ended. */
  lostReplies: number;
  /** Ids of files that cannot be read; the error says nothing of their content. */
  readonly unreadable: Set<string>;
  /** Called before each block of a disk is written: what a test does in the middle of a copy. */
  onBlock: ((block: { readonly id: string; readonly offset: number }) => Promise<void>) | undefined;
}

export const noFaults = (): RepositoryFaults => ({
  room: undefined,
  readOnly: false,
  delayMs: 0,
  lostReplies: 0,
  unreadable: new Set(),
  onBlock: undefined,
});
