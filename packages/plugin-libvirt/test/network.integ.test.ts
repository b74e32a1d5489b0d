import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRepository } from "@quiesce/repository";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  defineNetwork,
  labMissing,
  libvirtLab,
  requireLibvirtLab,
  virsh,
  type LabNetwork,
  type LibvirtLab,
} from "../../../labs/libvirt/lab.ts";
import { Rig, row, statuses } from "./rig.ts";

describe.skipIf(libvirtLab() === undefined)(`snapshots of networks${libvirtLab() ? "" : ` (${labMissing})`}`, () => {
  let lab: LibvirtLab;
  let lan: LabNetwork;
  beforeAll(async () => {
    lab = requireLibvirtLab();
    lan = await defineNetwork(lab, "lan");
  });
  afterAll(() => lan[Symbol.asyncDispose]());

  const host = (mac: string, ip: string): string => `<host mac='${mac}' ip='${ip}'/>`;
  const update = (command: string, section: string, xml: string): Promise<string> =>
    virsh(lab, "net-update", lan.name, command, section, xml, "--config");

  test("equal, whatever the order of its hosts; then drifted at a readable place; then gone; and never changed", async () => {
    const [one, two] = [host("52:54:00:00:00:01", "192.168.150.11"), host("52:54:00:00:00:02", "192.168.150.12")];
    await update("add-last", "ip-dhcp-host", one);
    await update("add-last", "ip-dhcp-host", two);
    await using rig = new Rig(lab, { lan: { kind: "network", id: lan.name } });
    const backup = await rig.run("backup");
    expect(backup.status, statuses(backup).join()).toBe("succeeded");

    await update("delete", "ip-dhcp-host", one);
    await update("add-last", "ip-dhcp-host", one);
    const equal = await rig.run("restore");
    expect(row(equal, "lan", "snapshot.restore")).toMatchObject({ mode: "by-compare", status: "succeeded" });

    await update("delete", "ip-dhcp-host", one);
    await virsh(lab, "net-autostart", lan.name);
    const before = await virsh(lab, "net-dumpxml", lan.name);
    const drifted = await rig.run("restore");
    expect(row(drifted, "lan", "snapshot.restore")).toMatchObject({
      status: "drifted",
      drift: [
        {
          path: "/ip/192.168.150.1/dhcp/host/52:54:00:00:00:01",
          stored: { "@mac": "52:54:00:00:00:01", "@ip": "192.168.150.11" },
          current: null,
        },
        { path: "/autostart", stored: false, current: true },
      ],
    });
    expect(await virsh(lab, "net-dumpxml", lan.name)).toBe(before);

    const planned = await rig.plan("restore");
    if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
    await virsh(lab, "net-undefine", lan.name);
    const gone = await rig.start(planned.value);
    expect(row(gone, "lan", "snapshot.restore")).toMatchObject({
      status: "drifted",
      drift: [{ path: "", stored: { name: lan.name }, current: null }],
    });
    const file = join(tmpdir(), `${lan.name}.xml`);
    await writeFile(file, before);
    await virsh(lab, "net-define", file);
    await rm(file);
    expect((await rig.run("remove_backup")).status).toBe("succeeded");
    expect(await rig.store.catalogue.find(rig.deployment.id, "set")).toEqual([]);
  });

  test("in a set of kind backup the definition is a file that virsh takes, compared the same way, and removed", async () => {
    const folder = await mkdtemp(join(tmpdir(), "qn-"));
    try {
      const repository = await openRepository(join(folder, "repository"));
      await using rig = new Rig(lab, { lan: { kind: "network", id: lan.name } }, undefined, repository);
      const kind = { kind: "backup" } as const;
      const backup = await rig.run("backup", kind);
      expect(backup.status, statuses(backup).join()).toBe("succeeded");
      const [set] = await rig.store.catalogue.find(rig.deployment.id, "set");
      const [file] = set?.items[0]?.artefacts ?? [];
      expect(file).toMatchObject({ kind: "definition", name: "network.xml" });
      const stored = join(repository.location, file?.id ?? "");
      expect(await readFile(stored, "utf8")).toBe(await virsh(lab, "net-dumpxml", "--inactive", lan.name).then(plain));

      expect(row(await rig.run("restore", kind), "lan", "backup.restore").status).toBe("succeeded");
      await virsh(lab, "net-undefine", lan.name);
      const gone = row(await rig.run("restore", kind), "lan", "backup.restore");
      expect(gone).toMatchObject({ status: "drifted", drift: [{ path: "", current: null }] });
      await virsh(lab, "net-define", stored);
      expect(row(await rig.run("restore", kind), "lan", "backup.restore").status).toBe("succeeded");

      const removed = await rig.run("remove_backup", kind);
      expect(removed.status, statuses(removed).join()).toBe("succeeded");
      await expect(readFile(stored)).rejects.toThrow(/ENOENT/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** virsh ends what it prints with empty lines, which were trimmed. */
const plain = (xml: string): string => `${xml}\n`;
