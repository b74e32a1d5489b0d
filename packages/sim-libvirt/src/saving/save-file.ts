import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { errorCodes, errorDomains } from "../failure/error-codes.ts";
import { failure, Failure } from "../failure/failure.ts";
import type { GuestMemory } from "../guest/guest-memory.ts";
import { parseXml } from "../xml/parse-xml.ts";
import { printXml } from "../xml/print-xml.ts";
import type { SavedRun } from "./saved-run.ts";

const magic = "LibvirtQemudSave";

interface Stored {
  readonly memory: GuestMemory;
  readonly xml: string;
  readonly paused: boolean;
}

export const writeSaveFile = (path: string, { memory, live, paused }: SavedRun): void => {
  const stored: Stored = { memory, xml: printXml(live), paused };
  writeFileSync(path, `${magic}\n${JSON.stringify(stored)}`, { mode: 0o600 });
};

/** @throws {Failure} */
export const readSaveFile = (path: string): SavedRun => {
  if (!existsSync(path)) {
    const text = `Failed to open file '${path}': No such file or directory`;
    throw new Failure(errorCodes["system-error"].code, errorDomains.qemu, text);
  }
  const content = readFileSync(path, "utf8");
  if (!content.startsWith(`${magic}\n`)) throw failure("operation-failed", "qemu", "image magic is incorrect");
  const { memory, xml, paused } = JSON.parse(content.slice(magic.length + 1)) as Stored;
  return { memory, live: parseXml(xml), paused };
};
