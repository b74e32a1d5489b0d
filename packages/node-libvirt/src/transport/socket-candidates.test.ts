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

  test("with neither, the daemon chooses the driver", () => {
    expect(resolveUri(undefined, { ...root, env: { LIBVIRT_DEFAULT_URI: "" } }).name).toBe("");
  });

  test.each([
    ["qemu://hv1/system", /transport "tls", which is not supported/u],
    ["qemu+ssh://qz:hunter2@hv1/system?keyfile=/secret", /transport "ssh", which is not supported/u],
    ["qemu+tcp://hv1/system", /"tcp"/u],
    ["qemu+unix://hv1/system", /names a host/u],
  ])("%s is refused, without secrets", (uri, message) => {
    const attempt = () => resolveUri(uri, root);
    expect(attempt).toThrow(UriError);
    expect(attempt).toThrow(message);
    expect(attempt).not.toThrow(/hunter2|\/secret/u);
  });
});
