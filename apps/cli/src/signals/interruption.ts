const identity = Symbol.for("quiesce.Interruption");

export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

const exitCodeOf: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** A command that was stopped before it had changed anything. */
export class Interruption extends Error {
  readonly exitCode: number;
  readonly [identity] = true;

  constructor(signal: StopSignal, message = "Stopped before anything was changed.") {
    super(message);
    this.name = "Interruption";
    this.exitCode = exitCodeOf[signal];
  }
}

export const isInterruption = (thrown: unknown): thrown is Interruption =>
  typeof thrown === "object" && thrown !== null && identity in thrown;

export const exitCodeOfSignal = (signal: StopSignal): number => exitCodeOf[signal];
