import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { serveControl } from "../control/control-server.ts";
import type { SpecInput } from "../spec/spec.ts";
import { startSimulator } from "../simulator.ts";

const usage = `Usage: sim-libvirtd --dir DIR [--socket SOCKET] [--spec FILE] [--control SOCKET]

Simulates libvirt daemons that speak the real protocol.

  --dir DIR         folder for disks and sockets; keep its path short
  --socket SOCKET   where the daemon listens, when there is one host
  --spec FILE       JSON: hosts, domains, networks, pools, faults; without it, one empty host
  --control SOCKET  where tests steer the simulator; by default DIR/control.sock

Once it is ready, it prints one line of JSON with its sockets. SIGTERM and SIGINT end it.
`;

/** Exit codes: 0 ended in order, 1 cannot run, 2 wrong usage, 137 ended by a fault. */
const exitCodes = { ok: 0, failed: 1, usage: 2, died: 137 } as const;

const options = {
  dir: { type: "string" },
  socket: { type: "string" },
  spec: { type: "string" },
  control: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** Runs the simulator until it is told to end. Returns the exit code when it cannot start; otherwise nothing. */
export const main = async (args: readonly string[]): Promise<number | undefined> => {
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help === true) {
      process.stdout.write(usage);
      return exitCodes.ok;
    }
    if (values.dir === undefined) return complain(`--dir is missing.\n\n${usage}`, exitCodes.usage);
    await run({ ...values, dir: resolve(values.dir) });
    return undefined;
  } catch (error) {
    if (error instanceof z.ZodError) return complain(`The spec is wrong:\n${z.prettifyError(error)}`, exitCodes.usage);
    const text = error instanceof Error ? error.message : String(error);
    const isUsage = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
    return complain(isUsage ? `${text}\n\n${usage}` : text, isUsage ? exitCodes.usage : exitCodes.failed);
  }
};

interface Arguments {
  readonly dir: string;
  readonly socket?: string | undefined;
  readonly spec?: string | undefined;
  readonly control?: string | undefined;
}

const run = async ({ dir, socket, spec, control }: Arguments): Promise<void> => {
  const simulator = await startSimulator({
    dir,
    socket: socket === undefined ? undefined : resolve(socket),
    spec: spec === undefined ? { hosts: [{ name: "sim" }] } : readSpec(spec),
    onDie: () => process.exit(exitCodes.died),
  });
  const controlPath = control === undefined ? join(dir, "control.sock") : resolve(control);
  const stop = () => {
    void Promise.all([simulator.close(), server.close()]).then(() => process.exit(exitCodes.ok));
  };
  // After the answer to the request is out.
  const server = await serveControl(controlPath, { simulator, stop: () => void setImmediate(stop) });
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  const hosts = simulator.hosts.map(({ name, socket, uri }) => ({ name, socket, uri }));
  process.stdout.write(`${JSON.stringify({ ready: true, pid: process.pid, control: controlPath, hosts })}\n`);
};

const readSpec = (file: string): SpecInput => {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as SpecInput;
  } catch (error) {
    throw new Error(`The spec ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
};

const complain = (text: string, code: number): number => {
  process.stderr.write(`sim-libvirtd: ${text}\n`);
  return code;
};
