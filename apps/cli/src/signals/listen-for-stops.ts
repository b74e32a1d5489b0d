import type { CancelMode } from "@quiesce/core";
import { Interruption, type StopSignal } from "./interruption.ts";

/** What Ctrl-C, TERM and a closed terminal mean, before and while a run works. */
export interface Stops {
  /** Aborts at the first signal as long as there is no run: nothing was changed, so the command just ends. */
  readonly before: AbortSignal;
  /** The signal that came first, if any. */
  readonly received: () => StopSignal | undefined;
  /** From now on signals cancel the run instead: the first softly, each further one hard. */
  handOver(cancel: (mode: CancelMode) => void): void;
  close(): void;
}

const signals: readonly StopSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** What sends signals, and how to die of one as if nobody listened; a test gives its own. */
export interface SignalSource extends Pick<NodeJS.EventEmitter, "on" | "off"> {
  dieOf(signal: StopSignal): void;
}

const thisProcess: SignalSource = {
  on: (name, listener) => process.on(name, listener),
  off: (name, listener) => process.off(name, listener),
  dieOf: (signal) => void process.kill(process.pid, signal),
};

export const listenForStops = (source: SignalSource = thisProcess): Stops => {
  const abort = new AbortController();
  let first: StopSignal | undefined;
  let count = 0;
  let cancel: ((mode: CancelMode) => void) | undefined;
  const onSignal = (signal: StopSignal): void => {
    first ??= signal;
    count += 1;
    if (cancel !== undefined) cancel(count === 1 ? "soft" : "hard");
    else if (count === 1) abort.abort(new Interruption(signal));
    else {
      // Something hangs that does not hear the abort; nothing was changed yet, so the process may just go.
      close();
      source.dieOf(signal);
    }
  };
  const close = (): void => {
    for (const signal of signals) source.off(signal, onSignal);
  };
  for (const signal of signals) source.on(signal, onSignal);
  return {
    before: abort.signal,
    received: () => first,
    handOver: (given) => {
      cancel = given;
      // A signal that came while the run was being started has told nobody yet.
      if (count > 0) cancel(count === 1 ? "soft" : "hard");
    },
    close,
  };
};

/** Waits for the work, or for the signal: a provider that hangs must not keep a command that the user stopped. */
export const unlessStopped = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  signal.throwIfAborted();
  let stop = (): void => {};
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
    // Its late failure concerns nobody any more.
    work.catch(() => {});
  }
};
