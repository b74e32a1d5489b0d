import { asId, type Instance } from "@quiesce/core";
import type { Written } from "../schema/read-written.ts";
import type { Bindings } from "./link-hooks.ts";
import { linkShared } from "./link-shared.ts";

/** The instances that the file lists, as core knows them. */
export const linkInstances = (written: Written, bindings: Bindings): readonly Instance[] =>
  [...written.whole.instances].map(([name, block]): Instance => ({
    id: asId(name),
    kind: block.kind,
    ...(block.provider === undefined ? {} : { provider: asId(block.provider) }),
    ...(block.id === undefined ? {} : { providerId: block.id }),
    ...linkShared(block),
    bound: bindings.get(name) ?? {},
  }));
