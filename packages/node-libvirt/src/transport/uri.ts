import { UriError } from "../errors/uri-error.ts";

/** A libvirt connection URI, taken apart: `driver[+transport]://[user@][host][:port]/path[?name=value&...]`. */
export interface LibvirtUri {
  readonly driver: string;
  /** As written, in lower case; without one, `tls` when a host is given and `unix` when not, as in libvirt. */
  readonly transport: string;
  readonly user: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  /** Percent-decoded. */
  readonly path: string;
  /** Percent-decoded, in order. Unlike in web forms, `+` is a plus sign. */
  readonly params: readonly (readonly [name: string, value: string])[];
}

const shape =
  /^(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?:\/\/(?<authority>[^/?#]*))?(?<path>[^?#]*)(?:\?(?<query>[^#]*))?(?:#.*)?$/u;
const authorityShape = /^(?:(?<user>[^@]*)@)?(?<host>\[[^\]]*\]|[^:@]*)(?::(?<port>\d{1,5}))?$/u;

/** @throws {UriError} */
export const parseUri = (text: string): LibvirtUri => {
  const parts = shape.exec(text)?.groups;
  if (parts?.["scheme"] === undefined) {
    throw new UriError(
      "The libvirt URI cannot be read. It looks like qemu:///system or qemu+unix:///session?socket=/path.",
    );
  }
  const [driver, transport] = splitOnce(parts["scheme"], "+");
  const authority = parseAuthority(parts["authority"] ?? "");
  return {
    driver: driver.toLowerCase(),
    transport: transport?.toLowerCase() ?? (authority.host === undefined ? "unix" : "tls"),
    ...authority,
    path: decode(parts["path"] ?? "", "path"),
    params: parseQuery(parts["query"] ?? ""),
  };
};

/** The value of a parameter; of several with one name the last counts, as in libvirt. */
export const uriParam = (uri: LibvirtUri, name: string): string | undefined =>
  uri.params.findLast(([key]) => key === name)?.[1];

const parseAuthority = (text: string): Pick<LibvirtUri, "user" | "host" | "port"> => {
  const parts = authorityShape.exec(text)?.groups;
  if (parts === undefined)
    throw new UriError("The libvirt URI has a host part that cannot be read; it is [user@]host[:port].");
  const host = parts["host"]?.replace(/^\[|\]$/gu, "") ?? "";
  return {
    // A password in the URI is no libvirt feature; it is dropped here, so that it cannot be shown.
    user: parts["user"] === undefined ? undefined : decode(splitOnce(parts["user"], ":")[0], "user"),
    host: host === "" ? undefined : decode(host, "host"),
    port: parts["port"] === undefined ? undefined : Number(parts["port"]),
  };
};

const parseQuery = (text: string): LibvirtUri["params"] =>
  text
    .split(/[&;]/u)
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name, value = ""] = splitOnce(pair, "=");
      return [decode(name, "parameters"), decode(value, "parameters")];
    });

const splitOnce = (text: string, mark: string): [string, string | undefined] => {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
};

const decode = (text: string, what: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new UriError(`The libvirt URI has a broken percent sign in its ${what}; write % itself as %25.`);
  }
};
