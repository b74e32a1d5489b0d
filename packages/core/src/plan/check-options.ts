import type { Planning } from "./world.ts";

// Characters that would change a path, a provider's name or a terminal.
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const unfit = /[/\\\u0000-\u001f\u007f]/;

/** Checks what the user asked for, apart from instances: durations, the name of the set. */
export const checkOptions = ({ world, findings }: Planning): void => {
  const { options } = world;
  const durations = { "freeze deadline": options.freezeDeadlineMs, ...options.timeoutMs };
  for (const [name, ms] of Object.entries(durations))
    if (!(Number.isFinite(ms) && ms > 0))
      findings.problems.push({
        code: "config-invalid",
        message: `The ${name in options.timeoutMs ? `time-out of ${name}` : name} must be more than 0 ms, but is ${ms}.`,
      });
  if (!(Number.isSafeInteger(options.redo) && options.redo >= 0))
    findings.problems.push({
      code: "config-invalid",
      message: `The number of repeats of a broken window must be 0 or more, but is ${options.redo}.`,
    });
  if (world.workflow === "backup") checkName(world.options.name, findings);
};

/** Why something new cannot be called so; ends a sentence. */
export const flawOfName = (name: string): string | undefined => {
  if (name === "") return "it is empty";
  if (name.length > 200) return `it has ${name.length} characters, 200 are allowed`;
  if (unfit.test(name)) return "slashes and control characters are not allowed in it";
  return name === "." || name === ".." ? "it means a folder" : undefined;
};

const checkName = (name: string, findings: Planning["findings"]): void => {
  const why = flawOfName(name);
  if (why !== undefined)
    findings.problems.push({
      code: "config-invalid",
      message: `${JSON.stringify(name.slice(0, 80))} cannot name a backup: ${why}.`,
      hint: "Use letters, digits, dots and dashes.",
    });
};
