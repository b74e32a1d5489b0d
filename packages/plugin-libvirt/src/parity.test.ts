import { cellOf, labelOf, operationsOf, type Kind, type Mode, type Operation } from "@quiesce/core";
import { describe, expect, test } from "vitest";
import { capabilities } from "./capabilities.ts";

const modes = Object.keys(labelOf) as readonly Mode[];

/** What the reference system documents for libvirt: its own label, and the version of its plugin that has it. */
const documented: Readonly<Record<Kind, readonly (readonly [Operation, string, since: string])[]>> = {
  vm: [
    ["suspend", "Y", "0.4+"],
    ["resume", "Y", "0.4+"],
    ["freeze", "N (N/A)", "0.4+"],
    ["thaw", "N (N/A)", "0.4+"],
    ["snapshot.create", "Y", "0.6.0+"],
    ["backup.create", "Y", "0.6.0+"],
    ["snapshot.restore", "Y", "0.6.0+"],
    ["backup.restore", "Y (Bypassed)", "0.6.0+"],
    ["snapshot.remove", "Y", "0.6.0+"],
    ["backup.remove", "Y", "0.6.0+"],
  ],
  network: [
    ["snapshot.create", "Y", "0.4.1+"],
    ["backup.create", "Y", "0.4.1+"],
    ["snapshot.restore", "Y (By Compare)", "0.4.1+"],
    ["backup.restore", "Y (By Compare)", "0.4.1+"],
    ["snapshot.remove", "Y", "0.4.1+"],
    ["backup.remove", "Y", "0.4.1+"],
  ],
  volume: [
    ["snapshot.create", "Y (By VM)", "0.4.1+"],
    ["backup.create", "Y (Bypassed)", "0.4.1+"],
    ["snapshot.restore", "Y (By VM)", "0.4.1+"],
    ["backup.restore", "N (No API)", "0.4.1+"],
    ["snapshot.remove", "Y (By VM)", "0.4.1+"],
    ["backup.remove", "Y (Bypassed)", "0.4.1+"],
  ],
};

/** Cells that are more than documented, and why they can be. */
const better: Readonly<Record<string, string>> = {
  "vm freeze": "The QEMU guest agent freezes file systems; the reference leaves it to a script.",
  "vm thaw": "The QEMU guest agent thaws what it froze.",
  "volume backup.create": "A volume that no machine uses is copied byte for byte; the reference keeps its description.",
  "volume backup.restore": "The content is put back and read again; the reference compares descriptions.",
  "volume backup.remove": "The copy is removed; the reference removes a description.",
  "vm backup.restore": "Disks, definition and UEFI variables are put back; the reference compares definitions.",
};

/** What this plugin must declare for a documented cell. */
const wanted = (name: string, label: string) => ({
  mode: modes.find((mode) => labelOf[mode] === (name in better ? "Y" : label)),
});

describe.each(Object.entries(documented) as [Kind, (typeof documented)[Kind]][])("%s", (kind, cells) => {
  test("the documented table names every cell", () => {
    expect(cells.map(([operation]) => operation).toSorted()).toEqual([...operationsOf(kind)].toSorted());
  });

  test.each(cells)("%s is at least %s (%s)", (operation, label) => {
    expect(cellOf(capabilities, kind, operation)).toMatchObject(wanted(`${kind} ${operation}`, label));
  });
});

test("what is called better is less in the reference", () => {
  const labels = new Map(
    Object.entries(documented).flatMap(([kind, cells]) =>
      cells.map(([operation, label]) => [`${kind} ${operation}`, label]),
    ),
  );
  for (const name of Object.keys(better)) expect(labels.get(name), name).not.toBe("Y");
});
