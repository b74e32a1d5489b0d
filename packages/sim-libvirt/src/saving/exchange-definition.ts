import { failure } from "../failure/failure.ts";
import { textOf, type XmlElement } from "../xml/element.ts";
import type { SavedRun } from "./saved-run.ts";

/** A saved run under another definition of the same domain. @throws {Failure} config-unsupported for another one */
export const exchangeDefinition = (run: SavedRun, live: XmlElement): SavedRun => {
  mustAgree("name", run.live, live);
  mustAgree("uuid", run.live, live);
  return { ...run, live };
};

const mustAgree = (part: "name" | "uuid", source: XmlElement, target: XmlElement): void => {
  const [was, is] = [textOf(source, part) ?? "", textOf(target, part) ?? ""];
  if (was === is) return;
  throw failure(
    "config-unsupported",
    "domain",
    `Target domain ${part} ${quoted(part, is)} does not match source ${quoted(part, was)}`,
  );
};

const quoted = (part: "name" | "uuid", value: string): string => (part === "name" ? `'${value}'` : value);
