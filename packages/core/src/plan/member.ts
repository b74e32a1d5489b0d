import type { Instance } from "../model/deployment.ts";
import { asId, type Account, type InstanceId, type ProviderName } from "../model/id.ts";
import type { ManifestItem } from "../model/manifest.ts";
import type { Survey } from "../plugin/survey.ts";
import type { PlannedTarget } from "./plan.ts";
import type { Planning } from "./world.ts";

/** An instance that takes part in a plan, with the provider's own id of it. */
export interface Member {
  readonly id: InstanceId;
  readonly instance: Instance;
  readonly target: PlannedTarget;
  readonly provider?: ProviderName;
  readonly account: Account;
  readonly survey?: Survey;
  /** Of a restore and a removal: what the set holds of it. */
  readonly item?: ManifestItem;
}

/** The account of instances that only runners serve. */
export const noAccount = asId<Account>("local");

/** Names the object at the provider; two instances with the same one are one object. Services have none. */
export const objectOf = ({ target, account, provider }: Member): string | undefined =>
  provider === undefined || target.kind === "other" ? undefined : objectKey(account, target.providerId);

export const objectKey = (account: Account, providerId: string): string => `${account}/${providerId}`;

/** The member for a chosen instance; undefined, with a problem, when no survey could take it. */
export const memberOf = (planning: Planning, id: InstanceId): Member | undefined => {
  const instance = planning.world.instances.get(id);
  if (instance === undefined) return undefined;
  if (instance.kind === "other" || instance.provider === undefined) return writtenMember(id, instance);
  const survey = planning.world.surveys.get(id);
  if (survey === undefined) {
    reportUnsurveyed(planning, id, instance);
    return undefined;
  }
  return surveyedMember(id, instance, instance.provider, survey);
};

/** A member as the file describes it, before any look at the provider. */
export const writtenMember = (id: InstanceId, instance: Instance): Member => ({
  id,
  instance,
  target: { instance: id, kind: instance.kind, providerId: instance.providerId ?? id, properties: instance.properties },
  ...(instance.provider === undefined ? {} : { provider: instance.provider }),
  account: noAccount,
});

const surveyedMember = (id: InstanceId, instance: Instance, provider: ProviderName, survey: Survey): Member => ({
  id,
  instance,
  target: { instance: id, kind: instance.kind, providerId: survey.providerId, properties: instance.properties },
  provider,
  account: survey.account,
  survey,
});

const reportUnsurveyed = ({ world, findings }: Planning, id: InstanceId, instance: Instance): void => {
  const why = world.unsurveyed.get(id);
  const what = `${instance.kind} ${id}${instance.providerId === undefined ? "" : ` ("${instance.providerId}")`}`;
  if (why?.is === "ambiguous")
    findings.problems.push({
      code: "ambiguous",
      instance: id,
      message: `${what} matches several objects of provider ${instance.provider}: ${why.ids.join(", ")}. ${why.reason}`,
      hint: `Write the one that is meant as the id of ${id}.`,
    });
  else
    findings.problems.push({
      code: "not-found",
      instance: id,
      message: `${what} was not found at provider ${instance.provider}: ${why?.reason ?? "it was not looked at"}.`,
      hint: `Correct the id of ${id}, or leave it out.`,
    });
};
