import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createPool, labMissing, libvirtLab, requireLibvirtLab } from "../../../labs/libvirt/lab.ts";
import { connect, type StreamPart } from "../src/index.ts";
import { startSshServer, type SshServer } from "./ssh-server.ts";

const missing = libvirtLab() === undefined;

describe.skipIf(missing)(`a real sshd${missing ? `: ${labMissing}` : ""}`, () => {
  let folder: string;
  let server: SshServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ssh-"));
    // Sessions run as the lab's user.
    await chmod(folder, 0o711);
    server = await startSshServer(requireLibvirtLab(), join(folder, "with all"));
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const uri = (params: Readonly<Record<string, string>> = {}, { port, user, keyfile, knownHosts } = server): string => {
    const all = { keyfile, known_hosts: knownHosts, ...params };
    const query = Object.entries(all).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return `qemu+ssh://${user}@127.0.0.1:${port}/session?${query.join("&")}`;
  };
  /** Reads an empty configuration: that of the machine must not decide the test. */
  const plain = { env: { ...process.env, HOME: "/nonexistent", SSH_AUTH_SOCK: undefined } };

  test.each([
    ["by libvirt's helper", {}],
    ["by libvirt's helper, and nothing else", { proxy: "native" }],
    ["by netcat, which finds the session's socket", { proxy: "netcat" }],
    ["by netcat at a socket that the URI names", { socket: "SOCKET" }],
  ])("leads to libvirt %s", async (_, params: Readonly<Record<string, string>>) => {
    const { socket } = requireLibvirtLab();
    const libvirt = await connect(uri(params["socket"] === undefined ? params : { socket }), plain);
    expect(await libvirt.host.uri()).toBe("qemu:///session");
    const direct = await connect(requireLibvirtLab().uri);
    expect(await libvirt.host.hostname()).toBe(await direct.host.hostname());
    await Promise.all([libvirt.close(), direct.close()]);
  });

  test("carries the bytes of volumes", async () => {
    const pool = await createPool(requireLibvirtLab(), "ssh");
    const libvirt = await connect(uri(), plain);
    const ref = await libvirt.pools.byName(pool.name);
    const bytes = randomBytes(3_000_001);
    const xml = `<volume><name>v</name><capacity>${bytes.length}</capacity></volume>`;
    const volume = await libvirt.volumes.create(ref, xml);
    async function* source(): AsyncGenerator<StreamPart> {
      yield { kind: "data", bytes };
    }
    await libvirt.volumes.upload(volume, source(), { length: bytes.length });
    const parts = await Array.fromAsync(libvirt.volumes.download(volume));
    expect(
      Buffer.concat(parts.map((part) => (part.kind === "data" ? part.bytes : Buffer.alloc(0)))).equals(bytes),
    ).toBe(true);
    await libvirt.volumes.delete(volume);
    await libvirt.close();
    await pool[Symbol.asyncDispose]();
  });

  test("without the helper, netcat is taken", async () => {
    const programs = join(folder, "bin");
    await mkdir(programs);
    for (const name of ["sh", "nc", "grep"]) await symlink(`/usr/bin/${name}`, join(programs, name));
    await using bare = await startSshServer(requireLibvirtLab(), join(folder, "bare"), programs);
    const libvirt = await connect(uri({}, bare), plain);
    expect(await libvirt.host.uri()).toBe("qemu:///session");
    await libvirt.close();
    await expect(connect(uri({ proxy: "native" }, bare), plain)).rejects.toThrow(/exec: virt-ssh-helper: /u);
    await expect(connect(uri({ netcat: "/no such/nc" }, bare), plain)).rejects.toThrow(/\/no such\/nc: not found/u);
  });

  test.each([
    ["an unknown host key", () => ({ known_hosts: "/dev/null" }), "untrusted", /Host key verification failed/u],
    ["a key that it does not know", () => ({ keyfile: server.strangeKey }), "authentication", /Permission denied/u],
    [
      "a socket that is not there",
      () => ({ socket: "/nonexistent/it's" }),
      "no-socket",
      /reach at \/nonexistent\/it's/u,
    ],
    ["a command that is not there", () => ({ command: "/nonexistent/ssh" }), "failed", /ENOENT/u],
  ])("%s is the reason of the failure", async (_, params, failure, message) => {
    const attempt = connect(uri(params()), plain);
    await expect(attempt).rejects.toMatchObject({ kind: "connect", failure, message: expect.stringMatching(message) });
  });

  test("nobody who listens is the reason of the failure; an unknown host key passes where the URI says so", async () => {
    await expect(connect(uri({}, { ...server, port: 1 }), plain)).rejects.toMatchObject({ failure: "refused" });
    const libvirt = await connect(uri({ known_hosts: "/dev/null", no_verify: "1" }), plain);
    await libvirt.close();
  });

  test("sockets of the other machine are dialled, whatever their name is", async () => {
    const path = join(folder, "with all", 'it\'s $(id) "é"');
    // Open to the lab's user, which netcat runs as.
    const echo = createServer((client) => client.pipe(client)).listen(path);
    await once(echo, "listening");
    await chmod(path, 0o777);
    const libvirt = await connect(uri(), plain);
    const pipe = await libvirt.transport.dial(path);
    const large = Buffer.alloc(3_000_000, "x");
    pipe.write(large);
    let size = 0;
    for await (const chunk of pipe as AsyncIterable<Buffer>) if ((size += chunk.length) === large.length) break;
    expect(size).toBe(large.length);
    // Both ends go when one does: no netcat stays behind over there.
    await vi.waitFor(
      () =>
        new Promise<void>((resolve, reject) => {
          echo.getConnections((_error, count) => (count === 0 ? resolve() : reject(new Error(`${count} connections`))));
        }),
      { timeout: 5000 },
    );
    const gone = await libvirt.transport.dial(join(folder, "gone"));
    gone.resume();
    const [error] = (await once(gone, "error")) as [Error];
    expect(error).toMatchObject({ kind: "connect", failure: "no-socket" });
    await libvirt.close();
    echo.close();
  });

  test("a connection that breaks is replaced, and says why it broke", async () => {
    const record = join(folder, "pids");
    const wrapper = join(folder, "ssh-wrapper");
    await writeFile(wrapper, `#!/bin/sh\necho $$ >>'${record}'\nexec ssh "$@"\n`, { mode: 0o755 });
    const libvirt = await connect(uri({ command: wrapper }), plain);
    await libvirt.host.hostname();
    const pids = (await readFile(record, "utf8")).trim().split("\n").map(Number);
    for (const pid of pids) {
      expect(await readlink(`/proc/${pid}/exe`)).toMatch(/ssh$/u);
      process.kill(pid, "SIGTERM");
    }
    await vi.waitFor(async () => expect(await libvirt.host.uri()).toBe("qemu:///session"), { timeout: 5000 });
    await libvirt.close();
    // Nothing of it stays.
    const all = (await readFile(record, "utf8")).trim().split("\n").map(Number);
    expect(all.length).toBeGreaterThan(pids.length);
    await vi.waitFor(() => {
      for (const pid of all) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/u);
    });
  });
});
