import { isPayment, type PlanBody, type Step } from "../plan/plan.ts";

/** A plan as a Mermaid flowchart: stages from left to right, in each the units with their steps in order. */
export const planMermaid = (plan: PlanBody): string => {
  const ids = new Map<Step["key"], string>();
  const lines = ["flowchart LR"];
  plan.stages.forEach((stage, at) => {
    lines.push(`  subgraph stage${at + 1}["${labelOf(`${at + 1} ${stage.name}`)}"]`);
    stage.chains.forEach(({ unit, links }, chain) => {
      lines.push(`    subgraph stage${at + 1}unit${chain + 1}["${labelOf(unit)}"]`);
      for (const step of links.flat()) {
        const id = `step${ids.size + 1}`;
        ids.set(step.key, id);
        lines.push(`      ${id}["${labelOf(step.title)}"]`);
      }
      links.forEach((link, index) => {
        const next = links[index + 1] ?? [];
        for (const from of link) for (const to of next) lines.push(`      ${ids.get(from.key)} --> ${ids.get(to.key)}`);
      });
      lines.push("    end");
    });
    lines.push("  end");
    if (at > 0) lines.push(`  stage${at} --> stage${at + 1}`);
  });
  return `${[...lines, ...debtLines(plan, ids)].join("\n")}\n`;
};

/** A dotted arrow from each harm to what undoes it. */
const debtLines = ({ stages }: PlanBody, ids: ReadonlyMap<Step["key"], string>): readonly string[] => {
  const steps = stages.flatMap(({ chains }) => chains.flatMap(({ links }) => links.flat()));
  const harmOf = new Map(
    steps.flatMap((step) => ("owes" in step && step.owes ? [[step.owes.key, step.key] as const] : [])),
  );
  return steps.flatMap((step) => {
    const harm = isPayment(step) ? harmOf.get(step.debt) : undefined;
    return harm === undefined ? [] : [`  ${ids.get(harm)} -. owes .-> ${ids.get(step.key)}`];
  });
};

/** Mermaid reads `#` and `"` as its own; a line feed would end the label. */
const labelOf = (text: string): string =>
  text
    .replaceAll(/\p{Cc}/gu, " ")
    .replaceAll("#", "#35;")
    .replaceAll('"', "#quot;")
    .replaceAll("<", "#lt;")
    .replaceAll(">", "#gt;");
