import { Worker } from "node:worker_threads";
import type { BlockAnswer, BlockJob, Packed, Unpacked } from "./job.ts";

export interface BlockWorkers {
  pack(job: Omit<Extract<BlockJob, { do: "pack" }>, "do">): Promise<Packed>;
  unpack(job: Omit<Extract<BlockJob, { do: "unpack" }>, "do">): Promise<Unpacked>;
  close(): Promise<void>;
}

/**
 * Up to `most` threads, each started when those before it are busy. They keep no process alive; one that dies fails
 * the jobs that it had.
 */
export const startBlockWorkers = (most: number): BlockWorkers => {
  const lines: Line[] = [];
  const choose = (): Line => {
    const free = lines.toSorted((a, b) => a.waiting() - b.waiting())[0];
    if (free !== undefined && (free.waiting() === 0 || lines.length === most)) return free;
    const line = startLine();
    lines.push(line);
    return line;
  };
  const send = (job: BlockJob): Promise<BlockAnswer> => choose().send(job);
  return {
    pack: async (job) => (await send({ ...job, do: "pack" })) as Packed,
    unpack: async (job) => (await send({ ...job, do: "unpack" })) as Unpacked,
    close: async () => {
      await Promise.all(lines.map((line) => line.end()));
    },
  };
};

// The thread's file lies beside this one, in the sources and in what is built from them.
const script = new URL(`./block-worker${import.meta.url.slice(import.meta.url.lastIndexOf("."))}`, import.meta.url);

interface Line {
  /** Jobs that it has not answered. */
  waiting(): number;
  send(job: BlockJob): Promise<BlockAnswer>;
  end(): Promise<unknown>;
}

const startLine = (): Line => {
  const worker = new Worker(script);
  const waiting = new Map<number, PromiseWithResolvers<BlockAnswer>>();
  let last = 0;
  let dead: Error | undefined;
  const die = (why: Error): void => {
    dead ??= why;
    for (const { reject } of waiting.values()) reject(dead);
    waiting.clear();
  };
  worker.unref();
  worker.on("message", ({ id, answer }: { readonly id: number; readonly answer: BlockAnswer }) => {
    waiting.get(id)?.resolve(answer);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
  });
  worker.on("error", (error) => die(error instanceof Error ? error : new Error(String(error))));
  worker.on("exit", () => die(new Error("The thread that hashes blocks ended.")));
  return {
    waiting: () => waiting.size,
    send: (job: BlockJob): Promise<BlockAnswer> => {
      if (dead !== undefined) return Promise.reject(dead);
      const asked = Promise.withResolvers<BlockAnswer>();
      waiting.set(++last, asked);
      worker.ref();
      worker.postMessage({ id: last, job }); // oxlint-disable-line unicorn/require-post-message-target-origin -- a thread has no origin
      return asked.promise;
    },
    end: () => worker.terminate(),
  };
};
