import { asId, type InstanceId } from "@quiesce/core";
import { connectNbd, unixSocket } from "@quiesce/node-libvirt/nbd";
import { openRepository } from "@quiesce/repository";
import { join } from "node:path";

/** Copies a served disk into a new repository as a backup does: with SHA-256 of each block. Gives the content's path. */
export const copyByUs = async (socket: string, root: string): Promise<string> => {
  const { signal } = new AbortController();
  const repository = await openRepository(root);
  const tag = { store: "bench", deployment: asId<never>("bench"), run: asId<never>("bench") };
  const backup = { name: "bench", kind: "backup" } as const;
  const folder = repository.folder({ tag, backup, instance: asId<InstanceId>("vm") });
  const source = await connectNbd({ socket: unixSocket(socket), export: "vda" });
  try {
    const stored = await folder.putDisk({ disk: "vda", signal }, source);
    return join(root, stored.id);
  } finally {
    await source.close();
  }
};
