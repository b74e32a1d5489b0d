import { copyFileSync, statSync } from "node:fs";
import { backingChain, notedFormat, setDiskFormat } from "../disk/disk-image.ts";
import type { Drive } from "../disk/drive.ts";
import type { Domain } from "../domain/domain.ts";
import { failure, type Failure } from "../failure/failure.ts";
import type { Host } from "../host/host.ts";
import { startBlockJob } from "./block-job.ts";

export interface CommitRequest {
  readonly base: string | undefined;
  readonly top: string | undefined;
  readonly active: boolean;
  readonly shallow: boolean;
}

/** Begins to write the images from `top` down into `base`. @throws {Failure} */
export const beginCommit = (host: Host, domain: Domain, drive: Drive, request: CommitRequest): void => {
  const chain = [drive.path, ...backingChain(drive.path)];
  const top = request.top ?? drive.path;
  const below = chain.slice(chain.indexOf(top) + 1);
  if (!chain.includes(top)) throw invalid(`could not find image '${top}' in chain for '${drive.target}'`);
  const base = findBase(drive.target, top, below, request);
  const isActive = top === drive.path;
  if (isActive && !request.active) throw invalid(`commit of '${drive.target}' active layer requires active flag`);
  if (!isActive && request.active) throw invalid(`active commit requested but '${top}' is not active`);
  const above = chain[chain.indexOf(top) - 1];
  startBlockJob(host, domain, drive.target, {
    type: isActive ? "active-commit" : "commit",
    end: statSync(top).size,
    base,
    onCopied: () => {
      copyFileSync(top, base);
      if (above !== undefined) setDiskFormat(above, notedFormat(above) ?? "qcow2", { backing: base });
    },
  });
};

const findBase = (target: string, top: string, below: readonly string[], { base, shallow }: CommitRequest): string => {
  const found = base === undefined ? (shallow ? below[0] : below.at(-1)) : below.find((path) => path === base);
  if (found !== undefined) return found;
  if (base === undefined) throw noImage(`could not find base image in chain for '${target}'`);
  throw noImage(`could not find image '${base}' beneath '${top}' in chain for '${target}'`);
};

const noImage = (reason: string): Failure => failure("invalid-argument", "storage", reason);
const invalid = (reason: string): Failure => failure("invalid-argument", "qemu", reason);
