import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConnectError } from "../errors/connect-error.ts";

/** What a client shows and what it trusts, in PEM. */
export interface TlsCredentials {
  /** Certificates of those who may vouch for a daemon; absent only where none is to be checked. */
  readonly ca: Buffer | undefined;
  /** Revoked certificates. */
  readonly crl: Buffer | undefined;
  /** This client's own, if it has any. */
  readonly client: { readonly cert: Buffer; readonly key: Buffer } | undefined;
}

interface Places {
  readonly ca: string;
  readonly crl: string;
  readonly cert: string;
  readonly key: string;
}

const inFolder = (folder: string): Places => ({
  ca: join(folder, "cacert.pem"),
  crl: join(folder, "cacrl.pem"),
  cert: join(folder, "clientcert.pem"),
  key: join(folder, "clientkey.pem"),
});

const ofSystem: Places = {
  ca: "/etc/pki/CA/cacert.pem",
  crl: "/etc/pki/CA/cacrl.pem",
  cert: "/etc/pki/libvirt/clientcert.pem",
  key: "/etc/pki/libvirt/private/clientkey.pem",
};

export interface TlsPlaces {
  /** The one folder for all four files; others are not looked at. */
  readonly pkipath: string | undefined;
  /** The user's home; not looked at for root, as in libvirt. */
  readonly home: string | undefined;
  /** Whether the daemon's certificate is checked, for which a CA must be there. */
  readonly verify: boolean;
}

/**
 * Reads the files from libvirt's places: `pkipath`, or `~/.pki/libvirt` and, for what is not there, `/etc/pki`. They are read for
 * each connection, so that renewed certificates count.
 * @throws {ConnectError}
 */
export const readTlsCredentials = async ({ pkipath, home, verify }: TlsPlaces): Promise<TlsCredentials> => {
  const places =
    pkipath === undefined ? [...(home ? [inFolder(join(home, ".pki/libvirt"))] : []), ofSystem] : [inFolder(pkipath)];
  const ca = await firstOf(places.map((place) => place.ca));
  if (ca === undefined && verify) {
    throw new ConnectError(
      "untrusted",
      `There is no CA certificate at ${places.map((place) => place.ca).join(" nor at ")}, so no daemon can be trusted over ` +
        `TLS. Put the CA's certificate there, or name the folder in the URI with ?pkipath=/folder.`,
    );
  }
  return { ca, crl: await firstOf(places.map((place) => place.crl)), client: await clientPair(places) };
};

/** A certificate goes with the key beside it; half a pair is a mistake that must not be passed over in silence. */
const clientPair = async (places: readonly Places[]): Promise<TlsCredentials["client"]> => {
  for (const place of places) {
    const [cert, key] = await Promise.all([read(place.cert), read(place.key)]);
    if (cert !== undefined && key !== undefined) return { cert, key };
    if (cert !== undefined || key !== undefined) {
      const [there, lacking] = cert === undefined ? [place.key, place.cert] : [place.cert, place.key];
      throw new ConnectError("authentication", `The TLS client has ${there} but not ${lacking}. Put both there.`);
    }
  }
  return undefined;
};

const firstOf = async (paths: readonly string[]): Promise<Buffer | undefined> => {
  for (const path of paths) {
    const found = await read(path);
    if (found !== undefined) return found;
  }
  return undefined;
};

const read = async (path: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR"))
      return undefined;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConnectError("authentication", `A file for TLS cannot be read: ${reason}.`, { cause });
  }
};
