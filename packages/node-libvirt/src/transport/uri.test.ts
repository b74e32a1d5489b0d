import { describe, expect, test } from "vitest";
import { UriError } from "../errors/uri-error.ts";
import { daemonUri } from "./daemon-uri.ts";
import { parseUri, uriParam } from "./uri.ts";

describe("a URI is taken apart", () => {
  const plain = { user: undefined, host: undefined, port: undefined, params: [] };
  test.each([
    ["qemu:///system", { ...plain, driver: "qemu", transport: "unix", path: "/system" }],
    ["QEMU+UNIX:///session", { ...plain, driver: "qemu", transport: "unix", path: "/session" }],
    ["test:///default", { ...plain, driver: "test", transport: "unix", path: "/default" }],
    ["test+unix:///a%20b.xml#x", { ...plain, driver: "test", transport: "unix", path: "/a b.xml" }],
    ["qemu:", { ...plain, driver: "qemu", transport: "unix", path: "" }],
    ["qemu://hv1/system", { ...plain, driver: "qemu", transport: "tls", host: "hv1", path: "/system" }],
    [
      "qemu+ssh://q%20z@hv1:2222/system",
      { ...plain, driver: "qemu", transport: "ssh", user: "q z", host: "hv1", port: 2222, path: "/system" },
    ],
    [
      "qemu+tls://[fe80::1]:16514/system",
      { ...plain, driver: "qemu", transport: "tls", host: "fe80::1", port: 16_514, path: "/system" },
    ],
  ])("%s", (text, parts) => {
    expect(parseUri(text)).toEqual(parts);
  });

  test.each([
    ["socket=/a", [["socket", "/a"]]],
    [
      "socket=%2Fa%20b&mode=direct",
      [
        ["socket", "/a b"],
        ["mode", "direct"],
      ],
    ],
    [
      "socket=/a;mode=legacy",
      [
        ["socket", "/a"],
        ["mode", "legacy"],
      ],
    ],
    ["socket=/c++/run", [["socket", "/c++/run"]]],
    [
      "no_tty&x=a=b&&",
      [
        ["no_tty", ""],
        ["x", "a=b"],
      ],
    ],
  ])("parameters %s", (query, params) => {
    expect(parseUri(`qemu:///system?${query}`).params).toEqual(params);
  });

  test("the last of several parameters with one name counts", () => {
    expect(uriParam(parseUri("qemu:///system?socket=/a&socket=/b"), "socket")).toBe("/b");
    expect(uriParam(parseUri("qemu:///system"), "socket")).toBeUndefined();
  });

  test.each([
    ["", /cannot be read/u],
    ["/var/run/libvirt-sock", /cannot be read/u],
    ["qemu://a:b:c/system", /host part/u],
    ["qemu:///system?socket=%zz", /broken percent sign in its parameters/u],
    ["qemu:///%", /broken percent sign in its path/u],
  ])("%s is refused", (text, message) => {
    expect(() => parseUri(text)).toThrow(UriError);
    expect(() => parseUri(text)).toThrow(message);
  });

  test("a password is not kept", () => {
    expect(JSON.stringify(parseUri("qemu+ssh://qz:hunter2@hv1/system"))).not.toContain("hunter2");
  });
});

describe("what the daemon is asked to open", () => {
  test.each([
    ["qemu:///system", "qemu:///system"],
    ["qemu+unix:///session?socket=/a&mode=direct&no_verify=1", "qemu:///session"],
    ["test+unix:///a%20b.xml", "test:///a%20b.xml"],
    ["vbox:///session?x=1%202&socket=/a", "vbox:///session?x=1%202"],
    ["qemu+unix:///system?name=test:///default", "test:///default"],
    ["remote+unix:///?socket=/a", ""],
  ])("%s", (text, name) => {
    expect(daemonUri(parseUri(text))).toBe(name);
  });
});
