import { describe, expect, test } from "vitest";
import { UriError } from "../errors/uri-error.ts";
import { resolveUri } from "./resolve-uri.ts";
import { socketCandidates } from "./socket-candidates.ts";
import { parseUri } from "./uri.ts";

const root = { uid: 0, env: {}, readOnly: false };
const user = { uid: 1000, env: { XDG_RUNTIME_DIR: "/run/user/1000", HOME: "/home/qz" }, readOnly: false };
const system = "/var/run/libvirt";
const session = "/run/user/1000/libvirt";

describe("where the socket may be", () => {
  test.each([
    ["qemu:///system", root, [`${system}/virtqemud-sock`, `${system}/libvirt-sock`]],
    ["qemu:///system", user, [`${system}/virtqemud-sock`, `${system}/libvirt-sock`]],
    ["qemu:///session", user, [`${session}/virtqemud-sock`, `${session}/libvirt-sock`]],
    ["qemu:///session", root, [`${system}/virtqemud-sock`, `${system}/libvirt-sock`]],
    ["test:///default", user, [`${session}/virttestd-sock`, `${session}/libvirt-sock`]],
    ["test:///default", root, [`${system}/virttestd-sock`, `${system}/libvirt-sock`]],
    ["qemu:///system?mode=legacy", root, [`${system}/libvirt-sock`]],
    ["qemu:///system?mode=direct", root, [`${system}/virtqemud-sock`]],
    ["qemu:///system?mode=direct&socket=/a", user, ["/a"]],
    ["remote:///", user, [`${system}/libvirt-sock`]],
    ["qemu:///system", { ...user, readOnly: true }, [`${system}/virtqemud-sock-ro`, `${system}/libvirt-sock-ro`]],
    ["qemu:///session", { ...user, readOnly: true }, [`${session}/virtqemud-sock`, `${session}/libvirt-sock`]],
    ["qemu:///session?mode=legacy", { ...user, env: { HOME: "/home/qz" } }, ["/home/qz/.cache/libvirt/libvirt-sock"]],
    ["qemu:///session?mode=legacy", { ...user, env: { XDG_CACHE_HOME: "/c" } }, ["/c/libvirt/libvirt-sock"]],
  ])("%s", (uri, at, paths) => {
    expect(socketCandidates(parseUri(uri), at)).toEqual(paths);
  });

  test("without a URI, the daemon of all drivers", () => {
    expect(socketCandidates(undefined, root)).toEqual([`${system}/libvirt-sock`]);
    expect(socketCandidates(undefined, user)).toEqual([`${session}/libvirt-sock`]);
  });

  test("an unknown mode or folder is said", () => {
    expect(() => socketCandidates(parseUri("qemu:///system?mode=x"), root)).toThrow(UriError);
    expect(() => socketCandidates(parseUri("qemu:///session"), { ...user, env: {} })).toThrow(/XDG_RUNTIME_DIR/u);
  });
});

describe("a URI becomes a target", () => {
  test("LIBVIRT_DEFAULT_URI counts when there is no URI", () => {
    const env = { LIBVIRT_DEFAULT_URI: "qemu+unix:///session?socket=/a" };
    const target = resolveUri(undefined, { ...root, env });
    expect([target.name, target.transport.address]).toEqual(["qemu:///session", "unix socket /a"]);
    expect(resolveUri("qemu:///system", { ...root, env }).name).toBe("qemu:///system");
  });

  test.each([
    ["qemu://hv1/system", "qemu:///system", "TLS hv1:16514"],
    ["qemu+tls://[fe80::1]:1/session?pkipath=/p&no_verify=1", "qemu:///session", "TLS [fe80::1]:1"],
    ["qemu+ssh://qz@hv1:22/system?keyfile=/k", "qemu:///system", "ssh hv1:22"],
    ["qemu+ssh://hv1/session?name=test:///default", "test:///default", "ssh hv1"],
  ])("%s leads to another machine", (uri, name, address) => {
    const target = resolveUri(uri, root);
    expect([target.name, target.transport.address]).toEqual([name, address]);
  });

  test("TLS leads to libvirt alone", async () => {
    const { transport } = resolveUri("qemu+tls://hv1/system", root);
    await expect(transport.dial("/run/nbd")).rejects.toMatchObject({ kind: "connect", failure: "unsupported" });
  });

  test("with neither, the daemon chooses the driver", () => {
    expect(resolveUri(undefined, { ...root, env: { LIBVIRT_DEFAULT_URI: "" } }).name).toBe("");
  });

  test.each([
    ["qemu+tcp://qz:hunter2@hv1/system?keyfile=/secret", /transport "tcp", which is not supported/u],
    ["qemu+tls:///system", /names no host/u],
    ["qemu+ssh:///system", /names no host/u],
    ["qemu+tls://hv1/system?tls_priority=NORMAL", /tls_priority/u],
    ["qemu+tls://hv1/system?no_verify=yes", /no_verify neither 0 nor 1/u],
    ["qemu+ssh://qz:hunter2@hv1/system?no_verify=&keyfile=/secret", /no_verify neither/u],
    ["qemu+ssh://hv1/system?proxy=ncat", /unknown proxy/u],
    ["qemu+ssh://hv1/system?proxy=native&socket=/a", /proxy=native/u],
    ["qemu+ssh://hv1/system?mode=x", /unknown mode/u],
    ["qemu+ssh://-oProxyCommand=x/system", /no name and no address/u],
    ["qemu+ssh://hv1%20x/system", /no name and no address/u],
    ["qemu+ssh://%24(id)/system", /no name and no address/u],
    ["qemu+ssh://-lroot@hv1/system", /characters that ssh does not take/u],
    ["qemu+ssh://a%3Bid@hv1/system", /characters that ssh does not take/u],
    ["qemu+ssh://hv1/system?known_hosts=/a%22b", /quote or a control character/u],
    ["qemu+ssh://hv1/system?keyfile=/a%0Ab", /quote or a control character/u],
    ["qemu+unix://hv1/system", /names a host/u],
  ])("%s is refused, without secrets", (uri, message) => {
    const attempt = () => resolveUri(uri, root);
    expect(attempt).toThrow(UriError);
    expect(attempt).toThrow(message);
    expect(attempt).not.toThrow(/hunter2|\/secret/u);
  });
});
