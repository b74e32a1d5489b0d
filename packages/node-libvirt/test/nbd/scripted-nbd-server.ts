// The linter reads tests without the compiler options of this repository, and would not know `await using`.
/// <reference lib="esnext.disposable" />
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { BytePump } from "../../src/nbd/byte-pump.ts";
import { take, type ByteProgram } from "../../src/nbd/byte-program.ts";
import { optionReplies, options } from "../../src/nbd/numbers.ts";
import { ack, contextReply, exportInfo, greeting, optionReply } from "./frames.ts";

export interface ArrivedRequest {
  readonly type: number;
  readonly cookie: bigint;
  readonly offset: number;
  readonly length: number;
  readonly client: Socket;
}

export interface Script {
  readonly bytes?: number;
  readonly exportFlags?: number;
  /** Contexts that it has, by name. */
  readonly contexts?: Readonly<Record<string, number>>;
  readonly greeting?: Buffer;
  /** Answers an option in its own way; undefined leaves it to the server. */
  readonly onOption?: (option: number, data: Buffer, client: Socket) => Uint8Array | undefined;
  /** Answers a request; the server by itself answers none. */
  readonly onRequest?: (request: ArrivedRequest) => void;
}

export interface ScriptedNbdServer {
  readonly path: string;
  readonly clients: readonly Socket[];
  /** Numbers of the options that came. */
  readonly options: readonly number[];
  readonly requests: readonly ArrivedRequest[];
}

/** An NBD server on a real unix socket that does what a test says, well or badly. It ends with the test. */
export const startNbdServer = async (script: Script = {}): Promise<ScriptedNbdServer> => {
  const folder = await mkdtemp(join(tmpdir(), "nbd-"));
  const path = join(folder, "sock");
  const seen = { clients: [] as Socket[], options: [] as number[], requests: [] as ArrivedRequest[] };
  const server = createServer((client) => {
    seen.clients.push(client);
    const pump = new BytePump(serve(client, script, seen));
    pump.start();
    client.on("error", () => {});
    client.on("data", (bytes) => pump.push(bytes));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(async () => {
    for (const client of seen.clients) client.destroy();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });
  return { path, ...seen };
};

const serve = function* (
  client: Socket,
  script: Script,
  seen: { readonly options: number[]; readonly requests: ArrivedRequest[] },
): ByteProgram<void> {
  client.write(script.greeting ?? greeting());
  yield* take(4);
  for (let option = 0; option !== options.go;) {
    const header = yield* take(16);
    option = header.readUInt32BE(8);
    const data = yield* take(header.readUInt32BE(12));
    seen.options.push(option);
    client.write(script.onOption?.(option, data, client) ?? answerOption(option, data, script));
  }
  for (;;) {
    const header = yield* take(28);
    const request = {
      type: header.readUInt16BE(6),
      cookie: header.readBigUInt64BE(8),
      offset: Number(header.readBigUInt64BE(16)),
      length: header.readUInt32BE(24),
      client,
    };
    seen.requests.push(request);
    script.onRequest?.(request);
  }
};

const answerOption = (
  option: number,
  data: Buffer,
  { bytes = 1024 ** 2, exportFlags, contexts = {} }: Script,
): Buffer => {
  switch (option) {
    case options.setMetaContext: {
      const asked = Object.entries(contexts).filter(([name]) => data.includes(name));
      return Buffer.concat([...asked.map(([name, id]) => contextReply(option, id, name)), ack(option)]);
    }
    case options.go:
      return Buffer.concat([optionReply(option, optionReplies.info, exportInfo(bytes, exportFlags)), ack(option)]);
    default:
      return ack(option);
  }
};
