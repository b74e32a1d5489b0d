import { asId, type InstanceId, type Repository } from "@quiesce/core";
import { connectNbd, unixSocket } from "@quiesce/node-libvirt/nbd";
import { join } from "node:path";

/** Copies a served disk into a repository as a backup does: with SHA-256 of each block. Gives the content's path. */
export const copyByUs = async (socket: string, repository: Repository): Promise<string> => {
  const { signal } = new AbortController();
  const tag = { store: "bench", deployment: asId<never>("bench"), run: asId<never>("bench") };
  const backup = { name: "bench", kind: "backup" } as const;
  const folder = repository.folder({ tag, backup, instance: asId<InstanceId>("vm") });
  const source = await connectNbd({ socket: unixSocket(socket), export: "vda", connections: 4 });
  try {
    const stored = await folder.putDisk({ disk: "vda", signal }, source);
    return join(repository.location, stored.id);
  } finally {
    await source.close();
  }
};
