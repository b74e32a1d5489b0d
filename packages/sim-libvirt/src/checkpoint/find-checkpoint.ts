import type { Domain } from "../domain/domain.ts";
import { failure } from "../failure/failure.ts";
import type { Checkpoint } from "./checkpoint.ts";

/** @throws {Failure} no-checkpoint */
export const findCheckpoint = (domain: Domain, name: string): Checkpoint => {
  const checkpoint = domain.checkpoints.get(name);
  if (checkpoint !== undefined) return checkpoint;
  throw failure("no-checkpoint", "qemu", `no domain checkpoint with matching name '${name}'`);
};
