// Proves that the tests guard what they claim: in a copy of the tree each mutant switches one guard off, and the test
// that names the guard must fail. A mutant that survives, or that no longer applies, fails the run.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineMutants } from "./mutants/engine-mutants.ts";
import { killMutants } from "./mutants/kill-mutants.ts";
import { libvirtMutants } from "./mutants/libvirt-mutants.ts";
import { planMutants } from "./mutants/plan-mutants.ts";
import { restoreMutants } from "./mutants/restore-mutants.ts";
import { storeMutants } from "./mutants/store-mutants.ts";
import type { Mutant } from "./mutants/mutant.ts";

const root = join(import.meta.dirname, "..");
const copy = mkdtempSync(join(tmpdir(), "quiesce-mutants-"));
const left = new Set([".git", ".tools", ".labs", ".state"]);

/**
 * A copy by hard links where the file system allows it; links between packages lead to the copy. What is built is copied
 * for good, because it is built again in place.
 */
const copyTree = (from: string, to: string): void => {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (left.has(name)) continue;
    const [source, target] = [join(from, name), join(to, name)];
    const stat = lstatSync(source);
    if (stat.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (name === "dist" && !from.includes("node_modules"))
      cpSync(source, target, { recursive: true, preserveTimestamps: true });
    else if (stat.isDirectory()) copyTree(source, target);
    else if (stat.isFile()) linkOrCopy(source, target);
  }
};
const linkOrCopy = (source: string, target: string): void => {
  try {
    linkSync(source, target);
  } catch {
    cpSync(source, target);
  }
};

const write = (file: string, text: string): void => {
  // The copy shares its files with the tree by hard links: replace the file, never write into it.
  rmSync(file);
  writeFileSync(file, text);
};

/** Tests of the command line run what is built; a mutant may break its types. */
const build = (): void => {
  spawnSync(join(copy, "node_modules", ".bin", "tsc"), ["-b"], { cwd: copy, stdio: "ignore" });
};

const passes = ({ project, file, title }: Mutant["test"]): boolean => {
  if (project === "e2e") build();
  const pattern = title.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const args = [join(copy, "node_modules", "vitest", "vitest.mjs"), "run", "--project", project, file, "-t", pattern];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8", timeout: 300_000 });
  if (/\b0 passed, 0 failed/.test(stdout)) throw new Error(`No test in ${file} is called "${title}".`);
  return status === 0;
};

/** Several mutants may have one test. */
const sound = new Map<string, boolean>();
const isSound = (test: Mutant["test"]): boolean => {
  const key = `${test.file} ${test.title}`;
  const known = sound.get(key) ?? passes(test);
  sound.set(key, known);
  return known;
};

const verdict = (mutant: Mutant): string | undefined => {
  const file = join(copy, mutant.file);
  const text = readFileSync(file, "utf8");
  if (text.split(mutant.find).length !== 2) return "does not apply: the text to replace is not there exactly once";
  if (!isSound(mutant.test)) return "its test is red without the mutant";
  write(
    file,
    text.replace(mutant.find, () => mutant.replace),
  );
  const survived = passes(mutant.test);
  write(file, text);
  return survived ? "survived: its test stays green with the guard switched off" : undefined;
};

// Words of the command line choose the guards whose names hold them; without any, all.
const words = process.argv.slice(2);
const chosen = [
  ...engineMutants,
  ...planMutants,
  ...libvirtMutants,
  ...restoreMutants,
  ...killMutants,
  ...storeMutants,
].filter(({ guard }) => words.every((word) => guard.includes(word)));

let bad = 0;
try {
  copyTree(root, copy);
  for (const mutant of chosen) {
    const problem = verdict(mutant);
    bad += problem === undefined ? 0 : 1;
    process.stdout.write(
      `${problem === undefined ? "killed " : "PROBLEM"}  ${mutant.guard}${problem === undefined ? "" : `: ${problem}`}\n`,
    );
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.exitCode = bad === 0 ? 0 : 1;
