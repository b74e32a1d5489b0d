import {
  connect,
  domainUndefineFlags,
  domainXmlFlags,
  networkXmlFlags,
  poolListFlags,
  type Libvirt,
} from "@quiesce/node-libvirt";

/** What another tool does to a host behind our back, in worlds where there is no virsh. */
export interface ForeignTool extends AsyncDisposable {
  destroy(uuid: string): Promise<void>;
  pause(uuid: string): Promise<void>;
  snapshot(uuid: string, name: string): Promise<void>;
  removeSnapshot(uuid: string, name: string): Promise<void>;
  checkpoint(uuid: string, name: string): Promise<void>;
  removeCheckpoint(uuid: string, name: string): Promise<void>;
  /** Stops a machine, and removes its definition with all that hangs on it, and its volumes. */
  destroyForEver(uuid: string, volumes: readonly string[]): Promise<void>;
  /** Asks for the state: a call that a fault may wait for. */
  look(uuid: string): Promise<void>;
  /** Gives a machine a screen with this password, from its next start on. */
  setScreenPassword(uuid: string, password: string): Promise<void>;
  /** Gives a network another domain name. */
  changeNetwork(name: string): Promise<void>;
}

export const foreignTool = async (uri: string): Promise<ForeignTool> => {
  const libvirt: Libvirt = await connect(uri);
  return {
    destroy: async (uuid) => await libvirt.domains.destroy(await libvirt.domains.byUuid(uuid)),
    pause: async (uuid) => await libvirt.domains.suspend(await libvirt.domains.byUuid(uuid)),
    snapshot: async (uuid, name) => {
      await libvirt.snapshots.create(
        await libvirt.domains.byUuid(uuid),
        `<domainsnapshot><name>${name}</name><description>made by another tool</description></domainsnapshot>`,
      );
    },
    removeSnapshot: async (uuid, name) => {
      const domain = await libvirt.domains.byUuid(uuid);
      await libvirt.snapshots.delete(await libvirt.snapshots.byName(domain, name));
    },
    checkpoint: async (uuid, name) => {
      await libvirt.checkpoints.create(
        await libvirt.domains.byUuid(uuid),
        `<domaincheckpoint><name>${name}</name><description>made by another tool</description></domaincheckpoint>`,
      );
    },
    removeCheckpoint: async (uuid, name) => {
      const domain = await libvirt.domains.byUuid(uuid);
      await libvirt.checkpoints.delete(await libvirt.checkpoints.byName(domain, name));
    },
    destroyForEver: async (uuid, volumes) => {
      const domain = await libvirt.domains.byUuid(uuid);
      if (await libvirt.domains.isActive(domain)) await libvirt.domains.destroy(domain);
      const { managedSave, snapshotsMetadata, checkpointsMetadata } = domainUndefineFlags;
      await libvirt.domains.undefine(domain, managedSave | snapshotsMetadata | checkpointsMetadata);
      for (const pool of await libvirt.pools.list(poolListFlags.active)) await libvirt.pools.refresh(pool);
      for (const path of volumes) await libvirt.volumes.delete(await libvirt.volumes.byPath(path));
    },
    look: async (uuid) => void (await libvirt.domains.state(await libvirt.domains.byUuid(uuid))),
    setScreenPassword: async (uuid, password) => {
      const xml = await libvirt.domains.xml(await libvirt.domains.byUuid(uuid), domainXmlFlags.inactive);
      await libvirt.domains.define(
        xml.replace("</devices>", `<graphics type='vnc' port='-1' passwd='${password}'/></devices>`),
      );
    },
    changeNetwork: async (name) => {
      const xml = await libvirt.networks.xml(await libvirt.networks.byName(name), networkXmlFlags.inactive);
      await libvirt.networks.define(xml.replace("</network>", "<domain name='changed.example'/></network>"));
    },
    [Symbol.asyncDispose]: async () => await libvirt.close(),
  };
};
