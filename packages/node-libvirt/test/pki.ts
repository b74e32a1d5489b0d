import { execFile } from "node:child_process";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A certificate authority for one test, made by openssl. */
export interface Pki {
  readonly folder: string;
  /** Signs a certificate for a name; `extensions` are openssl's. Writes NAME-cert.pem and NAME-key.pem. */
  sign(name: string, extensions: string): Promise<void>;
  /** A folder as `pkipath` wants it, with the CA's certificate and the named client's. */
  clientFolder(name: string): Promise<string>;
}

export const createPki = async (folder: string): Promise<Pki> => {
  await mkdir(folder, { recursive: true });
  const openssl = (...args: readonly string[]) => run("openssl", args, { cwd: folder });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  await openssl("req", "-x509", ...key, "-keyout", "ca-key.pem", "-out", "ca.pem", "-days", "2", "-subj", "/CN=lab-ca");
  return {
    folder,
    sign: async (name, extensions) => {
      await openssl("req", ...key, "-keyout", `${name}-key.pem`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
      await writeFile(join(folder, `${name}.ext`), extensions);
      const ca = ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial", "-days", "2"];
      await openssl("x509", "-req", "-in", `${name}.csr`, ...ca, "-extfile", `${name}.ext`, "-out", `${name}-cert.pem`);
    },
    clientFolder: async (name) => {
      const target = join(folder, `pki-${name}`);
      await mkdir(target);
      await copyFile(join(folder, "ca.pem"), join(target, "cacert.pem"));
      await copyFile(join(folder, `${name}-cert.pem`), join(target, "clientcert.pem"));
      await copyFile(join(folder, `${name}-key.pem`), join(target, "clientkey.pem"));
      return target;
    },
  };
};
