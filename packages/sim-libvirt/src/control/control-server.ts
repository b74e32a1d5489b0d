import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { z } from "zod";
import { GuestRefusal } from "../guest/refusal.ts";
import { freeSocketPath } from "../server/free-socket-path.ts";
import { answerRequest, type ControlContext } from "./answer-request.ts";
import { requestSchema, type ControlReply } from "./requests.ts";

export interface ControlServer {
  close(): Promise<void>;
}

/** Answers requests on a unix socket: one JSON object per line, answered in the order in which they are done. */
export const serveControl = async (socketPath: string, context: ControlContext): Promise<ControlServer> => {
  await freeSocketPath(socketPath);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    createInterface({ input: socket }).on("line", (line) => void reply(line, socket, context));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });
  return {
    close: async () => {
      for (const socket of sockets) socket.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

const reply = async (line: string, socket: Socket, context: ControlContext): Promise<void> => {
  const answer = await answerLine(line, context);
  if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`);
};

const answerLine = async (line: string, context: ControlContext): Promise<ControlReply> => {
  let id: number | string | undefined;
  try {
    const raw = JSON.parse(line) as { readonly id?: number | string };
    id = raw.id;
    return { id, ok: true, result: await answerRequest(requestSchema.parse(raw), context) };
  } catch (error) {
    const reason = error instanceof GuestRefusal ? error.reason : undefined;
    return { id, ok: false, error: { message: messageOf(error), reason } };
  }
};

const messageOf = (error: unknown): string => {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  return error instanceof Error ? error.message : String(error);
};
