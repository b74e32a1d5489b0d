import { cellOf, labelOf, operationsOf, type Kind, type Operation } from "@quiesce/core";
import { describe, expect, test } from "vitest";
import { capabilities } from "./capabilities.ts";

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
};

/** Cells that are less than documented, until the release that brings backups. */
const waiting = new Set([
  ...["vm backup.create", "vm backup.restore", "vm backup.remove"],
  ...["volume backup.create", "volume backup.remove"],
  ...["network backup.create", "network backup.restore", "network backup.remove"],
]);

describe.each(Object.entries(documented) as [Kind, (typeof documented)[Kind]][])("%s", (kind, cells) => {
  test("the documented table names every cell", () => {
    expect(cells.map(([operation]) => operation).toSorted()).toEqual([...operationsOf(kind)].toSorted());
  });

  test.each(cells)("%s is at least %s (%s)", (operation, label) => {
    const cell = cellOf(capabilities, kind, operation);
    const printed = cell && labelOf[cell.mode];
    const name = `${kind} ${operation}`;
    if (waiting.has(name)) expect(cell).toMatchObject({ mode: "no-api", reason: /later release/ });
    else if (name in better) expect([label, printed]).toEqual([expect.stringMatching(/^N/), "Y"]);
    else expect(printed).toBe(label);
  });
});
