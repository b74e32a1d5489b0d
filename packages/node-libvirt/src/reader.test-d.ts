import type { Libvirt, LibvirtReader } from "./index.ts";

declare const libvirt: Libvirt;
declare const reader: LibvirtReader;

// A client is a reader too.
libvirt satisfies LibvirtReader;

// A reader cannot change anything.
// @ts-expect-error -- no suspend
reader.domains.suspend satisfies unknown;
// @ts-expect-error -- no freeze
reader.agent.freeze satisfies unknown;
// @ts-expect-error -- no free choice of agent commands
reader.agent.command satisfies unknown;
// @ts-expect-error -- no delete
reader.snapshots.delete satisfies unknown;
// @ts-expect-error -- no delete
reader.volumes.delete satisfies unknown;
// @ts-expect-error -- no upload
reader.volumes.upload satisfies unknown;
// @ts-expect-error -- no backup
reader.backups.begin satisfies unknown;
// @ts-expect-error -- no way to other sockets
reader.transport satisfies unknown;
// @ts-expect-error -- no events: they register at the daemon
reader.events satisfies unknown;
