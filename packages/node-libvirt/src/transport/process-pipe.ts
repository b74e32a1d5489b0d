import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { Duplex } from "node:stream";

/** How much of the last that a process said is kept. */
const maxSaidBytes = 4096;
/** After its end a process may have left its standard error to another; its last words are waited for this long. */
const lastWordsMs = 200;
const patienceMs = 2000;

export interface ProcessEnd {
  readonly code: number | null;
  /** What it said on standard error, at the end. */
  readonly said: string;
  /** Why it could not be started. */
  readonly cause?: Error;
}

export interface ProcessPipeOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Makes the error of a process that has failed. */
  readonly explain: (end: ProcessEnd) => Error;
}

/**
 * Standard input and output of a process as one pipe, which ends with the process and ends it. The process has a session of its
 * own, so that Ctrl-C at the terminal does not cut the pipes by which harm is undone; with this process it ends because its
 * input ends.
 */
export class ProcessPipe extends Duplex {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #explain: ProcessPipeOptions["explain"];
  #said = Buffer.alloc(0);

  constructor({ command, args, env, explain }: ProcessPipeOptions) {
    super();
    this.#explain = explain;
    this.#child = spawn(command, args, { env, detached: true, stdio: "pipe" });
    const { stdin, stdout, stderr } = this.#child;
    stdout.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) stdout.pause();
    });
    stderr.on("data", (chunk: Buffer) => {
      this.#said = Buffer.concat([this.#said, chunk]).subarray(-maxSaidBytes);
    });
    // Its end says more than a broken pipe.
    stdin.on("error", () => {});
    this.#child.once("error", (cause) => this.#over({ code: null, cause }));
    this.#child.once("close", (code) => this.#over({ code }));
    this.#child.once("exit", (code) => {
      // When all went well the end comes with the last byte, however late somebody takes it.
      if (code !== 0) setTimeout(() => this.#over({ code }), lastWordsMs).unref();
    });
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#child.stdin.write(chunk, (error) => {
      if (!error) done();
    });
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { stdin, stdout, stderr } = this.#child;
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
    this.#child.kill();
    setTimeout(() => this.#child.kill("SIGKILL"), patienceMs).unref();
    done(error);
  }

  #over(end: Omit<ProcessEnd, "said">): void {
    if (this.destroyed) return;
    if (end.code === 0) this.push(null);
    else this.destroy(this.#explain({ ...end, said: this.#said.toString().trim() }));
  }
}
