import type { Discovered } from "@quiesce/deployment";
import { stringify } from "yaml";

interface Provider {
  readonly name: string;
  readonly plugin: string;
  readonly config: Readonly<Record<string, string>>;
}

/** A deployment file for what a provider has, for a person to shorten: instances by name where it is unique. */
export const draftDeployment = (name: string, provider: Provider, objects: readonly Discovered[]): string => {
  const ids = idsOf(objects);
  const instances = objects.map((object, index) => {
    const { kind, attachedTo } = object;
    const owner = objects.findIndex(({ providerId, kind }) => kind === "vm" && providerId === attachedTo);
    const block = { provider: provider.name, kind, id: addressOf(object, objects) };
    return [ids[index] ?? "", owner < 0 ? block : { ...block, attached_to: ids[owner] }] as const;
  });
  return stringify({
    quiesce: 1,
    name,
    providers: { [provider.name]: { plugin: provider.plugin, ...provider.config } },
    instances: Object.fromEntries(instances),
  });
};

const addressOf = ({ kind, name, providerId }: Discovered, objects: readonly Discovered[]): string =>
  objects.filter((other) => other.kind === kind && other.name === name).length === 1 ? name : providerId;

/** Names as ids: letters, digits, `_`, `-` and `.`, unique over all kinds. */
const idsOf = (objects: readonly Discovered[]): readonly string[] => {
  const taken = new Set<string>();
  return objects.map(({ name, kind }) => {
    const plain = name.replaceAll(/[^\w.-]+/g, "-").replaceAll(/^[-.]+|[-.]+$/g, "") || kind;
    let id = plain;
    for (let count = 2; taken.has(id); count += 1) id = `${plain}-${count}`;
    taken.add(id);
    return id;
  });
};
