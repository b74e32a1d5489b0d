import {
  asId,
  resultOf,
  type Deployment,
  type Instance,
  type InstanceId,
  type Problem,
  type ProviderName,
  type Relation,
  type Result,
} from "@quiesce/core";
import type { Selector } from "../link/link-selectors.ts";
import type { ReadDeployment } from "../read-deployment.ts";
import { checkFound } from "./check-found.ts";
import type { Discovered } from "./discovered.ts";
import { matches } from "./matches.ts";

export type Discover = (provider: ProviderName) => AsyncIterable<Discovered>;

type Found = ReadonlyMap<Selector, readonly Discovered[]>;

/** An object by what makes it one: its kind and its id. Pages of a listing may overlap. */
const keyOf = (kind: string, idOrName: string): string => `${kind} ${idOrName}`;

const listAll = async (provider: ProviderName, discover: Discover): Promise<readonly Discovered[]> => {
  const objects = new Map<string, Discovered>();
  for await (const object of discover(provider)) objects.set(keyOf(object.kind, object.providerId), object);
  return [...objects.values()].sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
};

/** Instance ids may not hold every character that a provider allows in a name; escapes keep them unique. */
const instanceId = ({ name: selector }: Selector, { name }: Discovered): InstanceId =>
  asId(`${selector}/${encodeURIComponent(name.toWellFormed())}`);

const toInstance = (selector: Selector, object: Discovered): Instance => ({
  id: instanceId(selector, object),
  kind: selector.kind,
  provider: selector.provider,
  providerId: object.providerId,
  ...selector.gives,
  bound: {},
});

/** What the file lists, by id and by name: such an object joins as what the file says of it. */
const listedObjects = (deployment: Deployment, provider: ProviderName): ReadonlySet<string> =>
  new Set(
    Object.values<Instance>(deployment.instances)
      .filter((instance) => instance.provider === provider)
      .map(({ kind, providerId = "" }) => keyOf(kind, providerId)),
  );

/** An object joins once: as a listed instance, else under the first selector of the file that finds it. */
const joining = (found: Found, deployment: Deployment): Found => {
  const taken = new Map<ProviderName, Set<string>>();
  const joined = new Map<Selector, readonly Discovered[]>();
  for (const [selector, objects] of found) {
    const used = taken.get(selector.provider) ?? new Set(listedObjects(deployment, selector.provider));
    taken.set(selector.provider, used);
    const free = objects.filter(
      ({ kind, providerId, name }) => !used.has(keyOf(kind, providerId)) && !used.has(keyOf(kind, name)),
    );
    for (const { kind, providerId } of free) used.add(keyOf(kind, providerId));
    joined.set(selector, free);
  }
  return joined;
};

/** A relation to a selector becomes one to each instance that joined under it. */
const expandRelations = (instance: Instance, joined: Found): Instance => {
  const expand = (relation: Relation): readonly Relation[] => {
    const selector = [...joined.keys()].find(({ name }) => name === relation.to);
    if (selector === undefined) return [relation];
    return (joined.get(selector) ?? []).map((object) => ({ type: relation.type, to: instanceId(selector, object) }));
  };
  return { ...instance, relations: instance.relations.flatMap(expand) };
};

const complete = (deployment: Deployment, joined: Found): Deployment => {
  const added = [...joined].flatMap(([selector, objects]) => objects.map((object) => toInstance(selector, object)));
  const all = [...Object.values<Instance>(deployment.instances), ...added];
  return {
    ...deployment,
    instances: Object.fromEntries(all.map((instance) => [instance.id, expandRelations(instance, joined)])),
  };
};

/**
 * Looks the selectors up and returns the deployment with the instances `<selector>/<name>` that they find. Each
 * provider is listed once, all of them side by side. Too few or too many matches, two objects of one name, and a tag
 * where the provider has none are problems, all at once. Rejects only when `discover` does.
 */
export const resolveSelectors = async (
  { deployment, selectors }: Pick<ReadDeployment, "deployment" | "selectors">,
  discover: Discover,
): Promise<Result<Deployment>> => {
  const providers = [...new Set(selectors.map(({ provider }) => provider))];
  const lists = await Promise.all(providers.map(async (each) => [each, await listAll(each, discover)] as const));
  const listed = new Map(lists);
  const problems: Problem[] = [];
  const found = new Map<Selector, readonly Discovered[]>();
  for (const selector of selectors) {
    const objects = (listed.get(selector.provider) ?? []).filter((object) => matches(selector, object));
    problems.push(...checkFound(selector, objects, listed.get(selector.provider) ?? []));
    found.set(selector, objects);
  }
  return resultOf(problems, () => complete(deployment, joining(found, deployment)));
};
