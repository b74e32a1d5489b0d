import { once } from "node:events";
import { mkdir, rename, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeLabFolder } from "../../../labs/libvirt/lab-folder.ts";
import { labMissing, libvirtLab, requireLibvirtLab } from "../../../labs/libvirt/lab.ts";
import { connect } from "../src/index.ts";
import { resolveUri } from "../src/transport/resolve-uri.ts";
import { createPki, type Pki } from "./pki.ts";
import { startTlsDaemon, type TlsDaemon } from "./tls-daemon.ts";

const missing = libvirtLab() === undefined;
const client = "extendedKeyUsage = clientAuth\n";
const server = "extendedKeyUsage = serverAuth\n";

describe.skipIf(missing)(`a real libvirtd with TLS${missing ? `: ${labMissing}` : ""}`, () => {
  let folder: string;
  let pki: Pki;
  let stranger: Pki;
  let daemon: TlsDaemon;
  let ours: string;

  beforeAll(async () => {
    folder = await makeLabFolder(requireLibvirtLab(), `tls-${process.pid}`);
    pki = await createPki(join(folder, "pki"));
    stranger = await createPki(join(folder, "stranger"));
    await pki.sign("server", `${server}subjectAltName = IP:127.0.0.1, DNS:localhost\n`);
    await pki.sign("client", client);
    await stranger.sign("client", client);
    ours = await pki.clientFolder("client");
    daemon = await startTlsDaemon(requireLibvirtLab(), folder, pki, "server");
  });
  afterAll(async () => {
    await daemon[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const uri = (query: string, host = "127.0.0.1") => `test+tls://${host}:${daemon.port}/default?${query}`;
  const from = (path: string) => `pkipath=${encodeURIComponent(path)}`;

  test("is used like any other", async () => {
    const libvirt = await connect(uri(from(ours)));
    expect((await libvirt.domains.list()).map(({ name }) => name)).toEqual(["test"]);
    expect(await libvirt.host.uri()).toBe("test:///default");
    expect((await libvirt.pools.list()).map(({ name }) => name)).toEqual(["default-pool"]);
    await expect(libvirt.transport.dial("/run/nbd")).rejects.toMatchObject({ failure: "unsupported" });
    await libvirt.close();
  });

  test("is known by its name too, and certificates are found in the user's folder", async () => {
    const home = join(folder, "home");
    await mkdir(join(home, ".pki"), { recursive: true });
    await pki.sign("other", client);
    await rename(await pki.clientFolder("other"), join(home, ".pki", "libvirt"));
    const user = { uid: 1000, env: { HOME: home }, readOnly: false };
    const pipe = await resolveUri(uri("", "localhost"), user).transport.open(AbortSignal.timeout(5000));
    pipe.destroy();
    // Root has no folder of its own for this, as in libvirt.
    const root = resolveUri(uri("", "localhost"), { ...user, uid: 0 }).transport;
    await expect(root.open(AbortSignal.timeout(5000))).rejects.toMatchObject({ failure: "untrusted" });
  });

  test("that another CA vouches for is not trusted, unless the URI says so", async () => {
    const wrong = await stranger.clientFolder("client");
    await expect(connect(uri(from(wrong)))).rejects.toMatchObject({ kind: "connect", failure: "untrusted" });
    // The daemon does not trust us either.
    await expect(connect(uri(`${from(wrong)}&no_verify=1`))).rejects.toMatchObject({
      kind: "connect",
      failure: "authentication",
    });
    await rm(join(ours, "cacert.pem"));
    await expect(connect(uri(from(ours)))).rejects.toMatchObject({ failure: "untrusted" });
    const libvirt = await connect(uri(`${from(ours)}&no_verify=1`));
    expect(await libvirt.domains.list()).toHaveLength(1);
    await libvirt.close();
  });

  test("that shows another host's certificate is not trusted", async () => {
    const other = await createPki(join(folder, "named"));
    await other.sign("server", `${server}subjectAltName = DNS:elsewhere.example\n`);
    await other.sign("client", client);
    const place = await makeLabFolder(requireLibvirtLab(), `tls2-${process.pid}`);
    await using elsewhere = await startTlsDaemon(requireLibvirtLab(), place, other, "server");
    const target = `test+tls://127.0.0.1:${elsewhere.port}/default?${from(await other.clientFolder("client"))}`;
    await expect(connect(target)).rejects.toThrow(/certificate is for another host/u);
    await (await connect(`${target}&no_verify=1`)).close();
    await rm(place, { recursive: true });
  });

  test("where nobody listens is said, and a silent one is not waited for without end", async () => {
    await expect(connect(`test+tls://127.0.0.1:1/default?no_verify=1&${from(ours)}`)).rejects.toMatchObject({
      failure: "refused",
    });
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = silent.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await expect(
      connect(`test+tls://127.0.0.1:${port}/default?no_verify=1&${from(ours)}`, { connectTimeoutMs: 200 }),
    ).rejects.toMatchObject({ failure: "timed-out" });
    silent.close();
  });
});
