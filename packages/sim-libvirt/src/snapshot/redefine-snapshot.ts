import type { Domain } from "../domain/domain.ts";
import { failure } from "../failure/failure.ts";
import { childOf, textOf, type XmlElement } from "../xml/element.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * Replaces what the daemon knows of a snapshot: its description and the definitions in it. The content stays.
 * Only of a snapshot that it knows: this daemon never forgets one.
 * @throws {Failure}
 */
export const redefineSnapshot = (domain: Domain, xml: XmlElement): Snapshot => {
  const name = textOf(xml, "name") ?? "";
  const known = domain.snapshots.get(name);
  if (known === undefined) throw failure("no-snapshot", "qemu", `no domain snapshot with matching name '${name}'`);
  const definition = childOf(xml, "domain");
  if (definition === undefined) throw failure("xml-error", "xml", "missing domain in snapshot redefinition");
  if (textOf(definition, "uuid") !== domain.uuid) {
    throw failure("invalid-argument", "qemu", `definition for snapshot ${name} must use uuid ${domain.uuid}`);
  }
  const inactive = childOf(xml, "inactiveDomain");
  const redefined: Snapshot = {
    ...known,
    description: textOf(xml, "description"),
    domain: definition,
    inactiveDomain: inactive === undefined ? undefined : { ...inactive, name: "domain" },
  };
  domain.snapshots.set(name, redefined);
  return redefined;
};
