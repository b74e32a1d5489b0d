import { setTimeout as sleep } from "node:timers/promises";
import { failure, type OwnedArtefact } from "@quiesce/core";
import { isSameTag } from "../api/mark.ts";
import { orUndefined } from "../client/or-undefined.ts";
import type { Writer } from "../client/session.ts";
import { foundOn } from "./found-on.ts";
import type { Found, Looking } from "./found.ts";
import { volumesOf } from "./volumes.ts";

/** Removes one object that `owned` showed, after another look at its tag. Absent is success; it waits where a job needs an end. */
export const discard = async (api: Writer, artefact: OwnedArtefact, signal: AbortSignal): Promise<void> => {
  const there = await foundBeside({ api, signal }, artefact);
  const found = there.find((one) => one.artefact.kind === artefact.kind && one.artefact.id === artefact.id);
  if (found === undefined) return;
  const { tag } = found.artefact;
  if (!isSameTag(tag, artefact.tag))
    throw failure(
      "conflict",
      `${artefact.name} (${artefact.kind}) belongs to the run ${tag.run} of ${tag.deployment} by now; it was not touched.`,
    );
  await found.remove({ api, tag, signal, sleep: (ms) => sleep(ms, undefined, { signal }) });
};

/** All that is ours on the same machine, or in the same pool. */
const foundBeside = async (c: Looking, { kind, id, owner }: OwnedArtefact): Promise<readonly Found[]> => {
  const { domains, volumes, pools } = c.api.libvirt;
  const options = { signal: c.signal };
  const uuid = kind === "stand-in" ? id : owner;
  const domain = /^[0-9a-f-]{36}$/.test(uuid)
    ? await orUndefined(domains.byUuid(uuid, options), "no-domain")
    : undefined;
  const here = domain === undefined ? [] : await foundOn(c, domain);
  const volume = await orUndefined(volumes.byKey(id, options), "no-storage-volume");
  return volume === undefined ? here : [...here, ...(await volumesOf(c, await pools.byVolume(volume, options)))];
};
