import {
  asId,
  type Deployment,
  type DeploymentId,
  type Instance,
  type InstanceId,
  type InstanceKind,
  type ProviderName,
  type Site,
} from "@quiesce/core";
import type { Scene, World } from "../world/world.ts";

export const providerName = asId<ProviderName>("world");

/** A scene as a user would write it down: `vm1`, `vm2`, `net1`; the first volume of `vm1` is listed, the others are implied. */
export const sceneDeployment = (world: World, scene: Scene): Deployment => {
  const instances: Instance[] = [
    ...scene.vms.map(({ providerId }, index) => instanceOf(`vm${index + 1}`, "vm", providerId)),
    ...scene.networks.map(({ providerId }, index) => instanceOf(`net${index + 1}`, "network", providerId)),
  ];
  const [volume] = scene.vms[0]?.volumes ?? [];
  if (volume !== undefined) {
    const listed = instanceOf("data", "volume", volume);
    instances.push({ ...listed, relations: [{ type: "attached_to", to: asId<InstanceId>("vm1") }] });
  }
  return {
    id: asId<DeploymentId>(`conformance-${crypto.randomUUID().slice(0, 8)}`),
    providers: { [providerName]: { plugin: world.plugin.name, site: asId<Site>("here"), config: world.config } },
    instances: Object.fromEntries(instances.map((instance) => [instance.id, instance])),
  };
};

const instanceOf = (id: string, kind: InstanceKind, providerId: string): Instance => ({
  id: asId<InstanceId>(id),
  kind,
  provider: providerName,
  providerId,
  properties: {},
  relations: [],
  bound: {},
  skip: [],
});
