import { expect, test } from "vitest";
import { accountOf } from "./account.ts";

test.each([
  [undefined, "qemu:///system", "libvirt:qemu:///system"],
  ["qemu:///system", "qemu:///system", "libvirt:qemu:///system"],
  ["qemu+unix:///system", "qemu:///system", "libvirt:qemu:///system"],
  ["QEMU:///session", "qemu:///session", "libvirt:qemu:///session"],
  ["qemu+unix:///session?socket=/run/a b/s", "qemu:///session", "libvirt:qemu:///session?socket=/run/a%20b/s"],
  ["qemu+ssh://qz:secret@hv1/system?keyfile=/etc/k&no_verify=1", "qemu:///system", "libvirt:qemu://qz@hv1/system"],
  ["qemu+tls://hv1:16514/system", "qemu:///system", "libvirt:qemu://hv1:16514/system"],
  ["not a uri", "qemu:///system?x=secret", "libvirt:qemu:///system"],
])("%s at %s is %s", (uri, daemon, account) => {
  expect(accountOf(uri, daemon)).toBe(account);
});
