import type { Matrix } from "../../src/capability/capability.ts";
import type { Call, Deployment, Instance, Relation } from "../../src/model/deployment.ts";
import { asId, type Site } from "../../src/model/id.ts";
import type { Facts } from "../../src/plan/facts.ts";
import { defaultOptions, type PlanOptions } from "../../src/plan/options.ts";
import type { Disk, Survey } from "../../src/plugin/survey.ts";
import { cloud, hypervisor } from "./matrix.ts";

type Fields = Partial<Omit<Instance, "id" | "relations">> & {
  readonly contained_in?: string;
  readonly attached_to?: string;
  readonly depends_on?: readonly string[];
};

/** An instance with everything empty but what is given. */
export const instance = (id: string, { contained_in, attached_to, depends_on = [], ...rest }: Fields): Instance => ({
  id: asId(id),
  kind: "vm",
  ...(rest.kind === "other" ? {} : { provider: asId("hv") }),
  properties: {},
  bound: {},
  skip: [],
  ...rest,
  relations: [
    ...(contained_in === undefined ? [] : [relation("contained_in", contained_in)]),
    ...(attached_to === undefined ? [] : [relation("attached_to", attached_to)]),
    ...depends_on.map((to) => relation("depends_on", to)),
  ],
});

export const relation = (type: Relation["type"], to: string): Relation => ({ type, to: asId(to) });
export const call = (name: string): Call => ({ runner: "script", name, with: { file: `${name}.sh` } });
/** A service in a machine that can be made quiet. */
export const service = (id: string, machine: string): Instance =>
  instance(id, {
    kind: "other",
    contained_in: machine,
    bound: { freeze: [call(`quiet-${id}`)], thaw: [call(`wake-${id}`)] },
  });

/** Two providers at one site: `hv` with a guest agent, `cl` without. */
export const deployment = (...instances: readonly Instance[]): Deployment => ({
  id: asId("shop"),
  providers: {
    hv: { plugin: "hypervisor", site: asId<Site>("east"), config: {} },
    cl: { plugin: "cloud", site: asId<Site>("east"), config: {} },
  } as Deployment["providers"],
  instances: Object.fromEntries(instances.map((one) => [one.id, one])),
});

/** The id that the provider knows an instance by: never the name in the file. */
export const providerIdOf = (id: string): string => `id-of-${id}`;

export const survey = (id: string, fields: Partial<Survey> = {}): Survey => ({
  instance: asId(id),
  providerId: providerIdOf(id),
  name: id,
  state: "running",
  account: asId("hv-account"),
  fingerprint: asId(`sha256:${id}`),
  disks: [],
  attachedTo: [],
  lowered: [],
  recipes: {},
  notes: [],
  ...fields,
});

/** A disk that the machine's own step takes, or that nobody takes. */
export const disk = (name: string, by: "vm" | "nobody", volume?: string): Disk => {
  const captured = by === "vm" ? { by } : { by, reason: "the machine does not take it." };
  return {
    name,
    ...(volume === undefined ? {} : { volume }),
    captured: { "snapshot.create": captured, "backup.create": captured },
  };
};

/** Facts in which every instance of a provider was found; `surveys` replace what is given by default. */
export const facts = (of: Deployment, surveys: readonly Survey[] = [], more: Partial<Facts> = {}): Facts => {
  const matrices: Readonly<Record<string, Matrix>> = { hv: hypervisor, cl: cloud };
  const found = Object.values(of.instances).flatMap(({ id, provider }) =>
    provider === undefined ? [] : [survey(id, { account: asId(`${provider}-account`) })],
  );
  return {
    matrices,
    restrictions: {},
    surveys: Object.fromEntries([...found, ...surveys].map((one) => [one.instance, one])),
    unsurveyed: {},
    limits: {},
    suspended: {},
    runners: ["script"],
    ...more,
  };
};

export const options = (fields: Partial<PlanOptions> = {}): PlanOptions => ({
  ...defaultOptions,
  name: "nightly",
  ...fields,
});

/** Facts' record of what an earlier suspend of ours left behind. */
export const suspended = (...ids: readonly string[]): Facts["suspended"] =>
  Object.fromEntries(ids.map((id) => [id, { power: "running" }]));
