import type { Chain, Omission, PlanBody, PlanNote, Stage } from "../plan/plan.ts";
import { stepDetails } from "./step-details.ts";

export interface TreeOptions {
  /** Default false: what does not apply to an instance is not listed. */
  readonly explain?: boolean;
}

/**
 * A plan as text for people. Stages run one after the other, units side by side; inside a unit steps run by their
 * number, and steps with the same number side by side. Ends with a line feed.
 */
export const planTree = (plan: PlanBody, { explain = false }: TreeOptions = {}): string => {
  const omitted = plan.omitted.filter(({ why }) => explain || why !== "absent");
  const lines = [
    headOf(plan),
    ...repositoryLine(plan),
    ...(plan.stages.length === 0 ? ["nothing to do"] : plan.stages.flatMap(stageLines)),
    ...section("not done", omitted.map(omissionLine)),
    ...section("notes", plan.notes.map(noteLine)),
  ];
  return `${lines.join("\n")}\n`;
};

const headOf = ({ workflow, deployment, scope, backup }: PlanBody): string => {
  const words = [workflow.replace("_", "-"), deployment];
  if (backup !== undefined) words.push(`${backup.kind} ${backup.name}`);
  if (workflow === "backup") words.push(scope === "deployment" ? "all frozen together" : "each unit by itself");
  return words.map(printable).join(" · ");
};

const repositoryLine = ({ workflow, backup }: PlanBody): readonly string[] =>
  backup?.repository === undefined
    ? []
    : [`bytes ${workflow === "backup" ? "go to" : "lie in"} ${printable(backup.repository.location)}`];

const stageLines = (stage: Stage, index: number): readonly string[] => [
  `${index + 1} ${stage.name}`,
  ...stage.chains.flatMap((chain, at) => chainLines(chain, at === stage.chains.length - 1)),
];

const chainLines = ({ unit, site, links }: Chain, last: boolean): readonly string[] => {
  const rail = last ? "   " : "│  ";
  const place = site === "local" ? "" : ` @ ${site}`;
  return [
    `${last ? "└─" : "├─"} ${printable(unit)}${printable(place)}`,
    ...links.flatMap((link, index) =>
      link.flatMap((step) => [
        `${rail}${index + 1}. ${printable(step.title)}`,
        ...stepDetails(step).map((detail) => `${rail}     ${printable(detail)}`),
      ]),
    ),
  ];
};

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `   ${printable(line)}`)];

const omissionLine = ({ instance, operation, reason, why }: Omission): string => {
  const word = { absent: "not applicable", "nothing-to-do": "nothing to do", allowed: "left out" }[why];
  return `${instance} ${operation}: ${word}, ${reason}`;
};

const noteLine = ({ about, message }: PlanNote): string =>
  about === undefined || message.includes(about) ? message : `${about}: ${message}`;

/** Names come from providers and files; a control character in one must not steer the terminal. */
const printable = (text: string): string => text.replaceAll(/\p{Cc}/gu, "�");
