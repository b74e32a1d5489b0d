import { makePlan } from "../src/seal.ts";
import type { Instance } from "../src/model/deployment.ts";
import { stepsOf } from "../src/plan/plan.ts";
import { deployment, disk, facts, instance, options, providerIdOf, service, survey } from "../test/plan/world.ts";

// Plans a backup of 10,000 instances in one process, and prints one line of the benchmark report.

const limitMs = 1000;
const rounds = 3;

/** Machines in tiers of 50 that depend on each other, each with two volumes and a service. */
const tenThousand = () => {
  const machines = 2500;
  const instances: Instance[] = [];
  const surveys = [];
  for (let at = 0; at < machines; at++) {
    const id = `vm-${at}`;
    instances.push(
      instance(id, { depends_on: at < 50 ? [] : [`vm-${at - 50}`] }),
      instance(`${id}-a`, { kind: "volume", attached_to: id }),
      instance(`${id}-b`, { kind: "volume", attached_to: id }),
      service(`${id}-service`, id),
    );
    const volumes = [providerIdOf(`${id}-a`), providerIdOf(`${id}-b`)] as const;
    surveys.push(
      survey(id, { disks: [disk("vda", "vm"), disk("vdb", "vm", volumes[0]), disk("vdc", "nobody", volumes[1])] }),
      ...["a", "b"].map((letter) => survey(`${id}-${letter}`, { attachedTo: [providerIdOf(id)] })),
    );
  }
  const of = deployment(...instances);
  return { of, known: facts(of, surveys) };
};

const { of, known } = tenThousand();
const times: number[] = [];
for (let round = 0; round < rounds; round++) {
  const started = performance.now();
  const made = makePlan("backup", of, known, options());
  times.push(performance.now() - started);
  if (!made.ok) throw new Error(made.problems[0].message);
  const steps = stepsOf(made.value).length;
  if (steps < 20_000) throw new Error(`The plan has ${steps} steps: something was left out.`);
}
const ours = Math.round(Math.min(...times));
const line = {
  name: "plan-10000",
  ours,
  peer: limitMs,
  peerName: "limit",
  ratio: limitMs / Math.max(1, ours),
  unit: "ms",
  holds: ours <= limitMs,
  note: `best of ${rounds}, digest included`,
};
process.stdout.write(`${JSON.stringify(line)}\n`);
