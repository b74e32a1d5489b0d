const identity = Symbol.for("quiesce.Alarm");

/** A command that ended before its own run because of what an earlier run left; says which exit code that is. */
export class Alarm extends Error {
  readonly exitCode: number;
  readonly hint: string;
  readonly [identity] = true;

  constructor(exitCode: number, message: string, hint: string) {
    super(message);
    this.name = "Alarm";
    this.exitCode = exitCode;
    this.hint = hint;
  }
}

export const isAlarm = (thrown: unknown): thrown is Alarm =>
  typeof thrown === "object" && thrown !== null && identity in thrown;
