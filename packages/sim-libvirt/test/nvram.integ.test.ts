import { existsSync } from "node:fs";
import { domainUndefineFlags } from "@quiesce/node-libvirt";
import { expect, test } from "vitest";
import { simulatedHost } from "./simulated-host.ts";

test("the variables of a UEFI firmware are a file, which an undefine must speak of", async () => {
  const { hypervisor, connect } = await simulatedHost();
  const libvirt = await connect();
  await hypervisor.addDomain({ name: "uefi", firmware: "efi" });
  const uefi = await libvirt.domains.byName("uefi");
  const path = hypervisor.truth.domain("uefi").nvram ?? "";
  expect(await libvirt.domains.xml(uefi)).toContain(`<nvram>${path}</nvram>`);
  expect(existsSync(path)).toBe(true);
  await libvirt.domains.destroy(uefi);
  await expect(libvirt.domains.undefine(uefi)).rejects.toThrow(/cannot undefine domain with nvram/u);
  await libvirt.domains.undefine(uefi, domainUndefineFlags.nvram);
  expect(existsSync(path)).toBe(false);
});
