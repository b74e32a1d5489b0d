import { asId, type InstanceId } from "../model/id.ts";
import type { RecoveryRecord } from "../model/recovery.ts";
import type { Member } from "./member.ts";
import type { Planning } from "./world.ts";

/** The instance of a way back, addressed by the provider id that was restored, whatever the file says now. */
export const recordedMember = ({ world, findings }: Planning, record: RecoveryRecord): Member | undefined => {
  const { instance: id, kind, provider, providerId } = record;
  const surveyed = world.surveys.get(id);
  const survey = surveyed?.providerId === providerId ? surveyed : undefined;
  const account = survey?.account ?? world.accounts.get(provider);
  if (account === undefined) {
    findings.problems.push({
      code: "config-invalid",
      instance: id,
      message: `${id} was restored at provider ${provider}, which is not connected.`,
      hint: `Declare provider ${provider} in the deployment.`,
    });
    return undefined;
  }
  const listed = world.instances.get(id);
  const instance = listed ?? {
    id: asId<InstanceId>(id),
    kind,
    provider,
    providerId,
    properties: {},
    relations: [],
    bound: {},
    skip: [],
  };
  return {
    id,
    instance,
    target: { instance: id, kind, providerId, properties: instance.properties },
    provider,
    account,
    ...(survey === undefined ? {} : { survey }),
  };
};
