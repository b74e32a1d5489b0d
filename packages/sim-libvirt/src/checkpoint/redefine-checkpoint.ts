import type { Domain } from "../domain/domain.ts";
import { failure } from "../failure/failure.ts";
import { textOf, childOf, type XmlElement } from "../xml/element.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { readCheckpointDisks } from "./create-checkpoint.ts";

/**
 * Tells the daemon of a checkpoint whose bitmaps are in the disks already, as after a move of the domain.
 * @throws {Failure}; with `validate`, for one whose bitmaps cannot be used
 */
export const redefineCheckpoint = (domain: Domain, xml: XmlElement, validate: boolean): Checkpoint => {
  const name = textOf(xml, "name");
  if (name === undefined) throw failure("xml-error", "checkpoint", "a redefined checkpoint must have a name");
  const createdAt = Number(textOf(xml, "creationTime") ?? Number.NaN);
  if (!Number.isInteger(createdAt)) {
    throw failure("internal-error", "checkpoint", "missing creationTime from existing checkpoint");
  }
  const checkpoint = {
    name,
    description: textOf(xml, "description"),
    parent: textOf(childOf(xml, "parent"), "name"),
    createdAt,
    disks: readCheckpointDisks(domain, xml, name),
  };
  if (validate) mustBeUsable(domain, checkpoint);
  domain.checkpoints.set(name, checkpoint);
  return checkpoint;
};

const mustBeUsable = (domain: Domain, { disks }: Checkpoint): void => {
  for (const { name, bitmap } of disks) {
    if (bitmap === undefined || domain.drives.get(name)?.bitmaps.good.has(bitmap) === true) continue;
    throw failure("checkpoint-inconsistent", "qemu", `missing or broken bitmap '${bitmap}' for disk '${name}'`);
  }
};
