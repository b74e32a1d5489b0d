import { createConnection, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { Hashes, NetworkTruth, VolumeTruth } from "../truth/truth.ts";
import type { CallRecord } from "../truth/call-log.ts";
import type { DomainTruth } from "../truth/domain-truth.ts";
import type { ArmedFault } from "../faults/switchboard.ts";
import type { ControlInput, ControlReply } from "./requests.ts";

/** What the control socket answers to each request. */
export interface ControlResults {
  readonly hosts: readonly { readonly name: string; readonly socket: string; readonly uri: string }[];
  readonly domains: readonly DomainTruth[];
  readonly domain: DomainTruth;
  readonly networks: readonly NetworkTruth[];
  readonly frozen: readonly string[];
  readonly hashes: Hashes;
  readonly "snapshot-hashes": Hashes;
  readonly calls: readonly CallRecord[];
  readonly mutations: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly "add-domain": readonly string[];
  readonly "add-fault": number;
  readonly "remove-fault": boolean;
  readonly "clear-faults": null;
  readonly faults: readonly ArmedFault[];
  readonly "set-guest": null;
  readonly "guest-write": null;
  readonly "guest-read": { readonly base64: string };
  readonly "guest-remember": null;
  readonly "begin-backup": null;
  readonly crash: null;
  readonly volumes: readonly VolumeTruth[];
  readonly removed: readonly CallRecord[];
  readonly configure: null;
  readonly restart: null;
  readonly stop: null;
}

type Input<Op extends ControlInput["op"]> = Omit<Extract<ControlInput, { readonly op: Op }>, "op" | "id">;

/** Steers a simulator in another process. */
export interface ControlClient extends Disposable {
  /** @throws {ControlError} with what the simulator said */
  ask<Op extends ControlInput["op"] & keyof ControlResults>(op: Op, input?: Input<Op>): Promise<ControlResults[Op]>;
  close(): void;
}

/** The simulator refused a request. `reason` is `frozen`, `not-running` or `no-disk` when a guest refused. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  readonly reason: string | undefined;

  constructor(message: string, reason: string | undefined) {
    super(message);
    this.reason = reason;
  }
}

type Waiting = { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void };

/** Connects to the control socket of a simulator. */
export const connectControl = async (socketPath: string): Promise<ControlClient> => {
  const socket = await open(socketPath);
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  createInterface({ input: socket }).on("line", (line) => settle(waiting, JSON.parse(line) as ControlReply));
  socket.on("close", () => {
    for (const { reject } of waiting.values())
      reject(new ControlError("The simulator closed its control socket.", undefined));
    waiting.clear();
  });
  const close = () => void socket.destroy();
  return {
    ask: (op, input) => {
      const { promise, resolve, reject } = Promise.withResolvers<never>();
      const id = ++lastId;
      waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      socket.write(`${JSON.stringify({ ...input, id, op })}\n`);
      return promise;
    },
    close,
    [Symbol.dispose]: close,
  };
};

const open = (socketPath: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = createConnection(socketPath);
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      socket.on("error", () => socket.destroy());
      resolve(socket);
    });
  });

const settle = (waiting: Map<number, Waiting>, reply: ControlReply): void => {
  const id = Number(reply.id);
  const call = waiting.get(id);
  waiting.delete(id);
  if (reply.ok) call?.resolve(reply.result);
  else call?.reject(new ControlError(reply.error.message, reply.error.reason));
};
