import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readTlsCredentials } from "./tls-credentials.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pki-"));
});
afterEach(() => rm(folder, { recursive: true }));

const put = async (...names: readonly string[]): Promise<void> => {
  for (const name of names) await writeFile(join(folder, name), name);
};
const read = (verify = true) => readTlsCredentials({ pkipath: folder, home: undefined, verify });

describe("the files for TLS", () => {
  test("are read from the folder that the URI names", async () => {
    await put("cacert.pem", "cacrl.pem", "clientcert.pem", "clientkey.pem");
    expect(await read()).toEqual({
      ca: Buffer.from("cacert.pem"),
      crl: Buffer.from("cacrl.pem"),
      client: { cert: Buffer.from("clientcert.pem"), key: Buffer.from("clientkey.pem") },
    });
  });

  test("are read from the user's folder, which goes before the system's", async () => {
    const home = folder;
    folder = join(home, ".pki", "libvirt");
    await mkdir(folder, { recursive: true });
    await put("cacert.pem", "clientcert.pem", "clientkey.pem");
    const found = await readTlsCredentials({ pkipath: undefined, home, verify: true });
    expect(found.ca).toEqual(Buffer.from("cacert.pem"));
    expect(found.client?.cert).toEqual(Buffer.from("clientcert.pem"));
    folder = home;
  });

  test("may lack what is not needed", async () => {
    await put("cacert.pem");
    expect(await read()).toEqual({ ca: Buffer.from("cacert.pem"), crl: undefined, client: undefined });
    await rm(join(folder, "cacert.pem"));
    expect(await read(false)).toEqual({ ca: undefined, crl: undefined, client: undefined });
  });

  test("may not lack the CA where a daemon is to be checked, nor half of a pair", async () => {
    await expect(read()).rejects.toMatchObject({ kind: "connect", failure: "untrusted" });
    await put("cacert.pem", "clientcert.pem");
    await expect(read()).rejects.toThrow(/clientcert.pem but not .*clientkey.pem/u);
  });

  test("that cannot be read are named", async () => {
    await mkdir(join(folder, "cacert.pem"));
    await expect(read()).rejects.toThrow(/cannot be read: EISDIR/u);
  });
});
