import { createHash } from "node:crypto";
import type { Host } from "../host/host.ts";
import { element } from "../xml/element.ts";
import { printXml } from "../xml/print-xml.ts";

/** What the host can do, in libvirt's words; only the parts that clients look at. */
export const capabilitiesXml = (host: Host): string => {
  const digest = createHash("md5").update(host.name).digest("hex");
  const uuid = digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, "$1-$2-$3-$4-$5");
  return printXml(
    element(
      "capabilities",
      {},
      element("host", {}, element("uuid", {}, uuid), element("cpu", {}, element("arch", {}, "x86_64"))),
      element(
        "guest",
        {},
        element("os_type", {}, "hvm"),
        element(
          "arch",
          { name: "x86_64" },
          element("wordsize", {}, "64"),
          element("emulator", {}, "/usr/bin/qemu-system-x86_64"),
          element("machine", { maxCpus: "255" }, "pc-i440fx-7.2"),
          element("domain", { type: "qemu" }),
        ),
        element(
          "features",
          {},
          element("acpi", { default: "on", toggle: "yes" }),
          element("disksnapshot", { default: "on", toggle: "no" }),
        ),
      ),
    ),
  );
};

export const domainCapabilitiesXml = (): string =>
  printXml(
    element(
      "domainCapabilities",
      {},
      element("path", {}, "/usr/bin/qemu-system-x86_64"),
      element("domain", {}, "qemu"),
      element("machine", {}, "pc-i440fx-7.2"),
      element("arch", {}, "x86_64"),
      element("features", {}, element("backup", { supported: "yes" })),
    ),
  );
