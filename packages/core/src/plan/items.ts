import { asId, type Account, type InstanceId } from "../model/id.ts";
import type { Instance } from "../model/deployment.ts";
import type { Manifest, ManifestItem } from "../model/manifest.ts";
import type { Operation } from "../vocabulary/operation.ts";
import { effectiveCell, modeOf } from "./cell.ts";
import { omit } from "./findings.ts";
import { noAccount, writtenMember, type Member } from "./member.ts";
import { select } from "./select.ts";
import type { Planning, World } from "./world.ts";

/** What is chosen of a set: members with their items, and the instances of the file that the set says nothing of. */
export interface ChosenItems {
  readonly members: readonly Member[];
  /** What is chosen, whether or not its provider is connected. */
  readonly items: readonly ManifestItem[];
  readonly without: readonly InstanceId[];
}

/** The set that is restored or removed; undefined, with a problem, when there is none or it is another deployment's. */
export const setOf = ({ world, findings }: Planning): Manifest | undefined => {
  const { from, name } = world.options;
  if (from === undefined)
    findings.problems.push({
      code: "not-found",
      message: `Deployment ${world.deployment} has no backup ${JSON.stringify(name)}.`,
      hint: "See which there are: quiesce backups list.",
    });
  else if (from.deployment !== world.deployment)
    findings.problems.push({
      code: "not-found",
      message: `Backup ${from.name} belongs to deployment ${from.deployment}, not to ${world.deployment}.`,
    });
  else return from;
  return undefined;
};

/**
 * The members of a set. They are addressed by the provider ids that the set recorded, whatever the file says now;
 * items that the file does not list any more are members too.
 */
export const chosenItems = (planning: Planning, set: Manifest): ChosenItems => {
  const { world } = planning;
  const known = new Map(set.items.map((item) => [item.instance, item]));
  const ids = select(planning, new Set([...world.instances.keys(), ...known.keys()]));
  const items = ids.flatMap((id) => known.get(id) ?? []);
  return {
    members: items.flatMap((item) => itemMember(planning, item) ?? []),
    items,
    without: ids.filter((id) => !known.has(id)),
  };
};

/** An instance that the user named, but of which the set holds nothing, is a problem; one of `all` is only told. */
export const tellWithout = (
  planning: Planning,
  set: Manifest,
  ids: readonly InstanceId[],
  operation: Operation,
): void => {
  const { world, findings } = planning;
  for (const id of ids) {
    const instance = world.instances.get(id);
    if (instance === undefined) continue;
    const written = writtenMember(id, instance);
    const cell = effectiveCell(world, written, operation);
    if (instance.kind === "other" || world.options.include === "all")
      omit(findings, written, operation, modeOf(cell), "nothing-to-do", `${set.kind} ${set.name} holds nothing of it`);
    else
      findings.problems.push({
        code: "not-found",
        instance: id,
        message: `${set.kind} ${set.name} holds nothing of ${id}.`,
        hint: `See what it holds: quiesce backups show ${world.deployment} ${set.name}.`,
      });
  }
};

const itemMember = (planning: Planning, item: ManifestItem): Member | undefined => {
  const { world } = planning;
  const listed = world.instances.get(item.instance);
  const provider = item.provider;
  const account = provider === undefined ? noAccount : accountOf(planning, item);
  if (account === undefined) return undefined;
  const instance = listed ?? unlisted(item);
  const { properties } = instance;
  const survey = surveyOf(world, item);
  return {
    id: item.instance,
    instance,
    target: { instance: item.instance, kind: item.kind, providerId: item.providerId, properties },
    ...(provider === undefined ? {} : { provider }),
    account,
    ...(survey === undefined ? {} : { survey }),
    item,
  };
};

/** A survey of another object says nothing about this one. */
const surveyOf = (world: World, { instance, providerId }: ManifestItem) => {
  const survey = world.surveys.get(instance);
  return survey?.providerId === providerId ? survey : undefined;
};

const accountOf = ({ world, findings }: Planning, item: ManifestItem): Account | undefined => {
  const { provider, instance } = item;
  const known = surveyOf(world, item)?.account ?? (provider && world.accounts.get(provider));
  if (known !== undefined) return known;
  findings.problems.push({
    code: "config-invalid",
    instance,
    message: `${instance} was backed up from provider ${provider}, which is not connected.`,
    hint: `Declare provider ${provider} in the deployment.`,
  });
  return undefined;
};

const unlisted = ({ instance, kind, provider, providerId }: ManifestItem): Instance => ({
  id: asId<InstanceId>(instance),
  kind,
  ...(provider === undefined ? {} : { provider }),
  providerId,
  properties: {},
  relations: [],
  bound: {},
  skip: [],
});
