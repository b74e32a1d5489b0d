/**
 * What a world can do to a call, as data: the same for a toy, a simulator in this process and one in another.
 * `call` is the provider's own name of it, `*` any call that changes something.
 */
export interface Fault {
  readonly call: string;
  /** Only for this object (provider id). */
  readonly target?: string;
  /** Skip this many matching calls first. Default 0. */
  readonly after?: number;
  /** Strike this many times, then be spent. Default 1. */
  readonly times?: number;
  readonly does:
    /** Refuses; nothing happened. */
    | { readonly what: "fail"; readonly transient?: boolean }
    /** The effect happens, the caller hears an error that does not tell. */
    | { readonly what: "lose-reply" }
    /** The session that the call came by is over, as when its token expired; nothing happened. */
    | { readonly what: "end-session" }
    /** Never answers. The effect happens or not. */
    | { readonly what: "hang"; readonly effect: boolean }
    | { readonly what: "delay"; readonly ms: number };
}

/** Sets and clears the faults of a world. */
export interface FaultSwitchboard {
  set(...faults: readonly Fault[]): Promise<void>;
  clear(): Promise<void>;
}
