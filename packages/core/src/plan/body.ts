import type { Digest, InstanceId } from "../model/id.ts";
import { byText } from "./by-text.ts";
import type { Draft } from "./draft.ts";
import { objectOf, type Member } from "./member.ts";
import { stepsOf, type PlanBody, type PlanNote } from "./plan.ts";
import type { Planning } from "./world.ts";

/** The finished plan: the draft with what all workflows have in common. */
export const bodyOf = ({ world, findings }: Planning, { stages, members, backup }: Draft): PlanBody => ({
  schema: "quiesce.plan/1",
  workflow: world.workflow,
  deployment: world.deployment,
  scope: world.options.scope,
  ...(backup === undefined ? {} : { backup }),
  parameters: world.options.parameters,
  stages,
  omitted: findings.omitted.toSorted((a, b) => byText(a.instance, b.instance) || byText(a.operation, b.operation)),
  notes: [...findings.notes, ...surveyNotes(members)].sort(byAbout),
  surveyed: fingerprintsOf(members),
  locks: locksOf({ stages }, members),
});

const byAbout = (a: PlanNote, b: PlanNote): number =>
  byText(a.about ?? "", b.about ?? "") || byText(a.message, b.message);

const surveyNotes = (members: readonly Member[]): readonly PlanNote[] =>
  members.flatMap(({ id, survey }) => (survey?.notes ?? []).map((message) => ({ about: id, message })));

const fingerprintsOf = (members: readonly Member[]): Readonly<Record<InstanceId, Digest>> =>
  Object.fromEntries(members.flatMap(({ id, survey }) => (survey === undefined ? [] : [[id, survey.fingerprint]])));

/** Every object that a step works on or covers; services have none, their deployment is locked. */
const locksOf = (plan: Pick<PlanBody, "stages">, members: readonly Member[]): readonly string[] => {
  const touched = new Set<InstanceId>();
  for (const { targets, covers } of stepsOf(plan)) {
    for (const { instance } of targets) touched.add(instance);
    for (const { instance } of covers) touched.add(instance);
  }
  const objects = members.flatMap((member) => (touched.has(member.id) ? (objectOf(member) ?? []) : []));
  return [...new Set(objects)].sort(byText);
};
