import fc from "fast-check";
import { test } from "vitest";
import { anyCrashCase } from "./crash/any-crash-case.ts";
import { play } from "./crash/play.ts";
import { deathLaws } from "./crash/death-laws.ts";
import { brokenBy } from "./crash/laws.ts";
const trouble = JSON.parse(process.env["TROUBLE"] ?? "{}");
test("try", { timeout: 600000 }, async () => {
  const t = process.cpuUsage();
  const cases = fc.sample(anyCrashCase(trouble), { numRuns: Number(process.env["N"] ?? 300), seed: Number(process.env["SEED"] ?? 1) });
  const stats = new Map<string, number>();
  const examples = new Map<string, string>();
  const note = (key: string, example: string) => {
    stats.set(key, (stats.get(key) ?? 0) + 1);
    if (!examples.has(key) || examples.get(key)!.length > example.length) examples.set(key, example);
  };
  for (const one of cases) {
    try {
      const plain = await play({ ...one, cancels: [], deaths: [] });
      const p = await play(one, plain.points);
      const b = await brokenBy(p, trouble.faults || trouble.cancels ? {} : deathLaws(plain));
      const says = JSON.stringify(one) + JSON.stringify(p.deaths);
      for (const each of b) note("BROKEN " + each.replace(/"[^"]*"/g, "X").replace(/ [abcd] /g, " V ").slice(0, 160), each + " " + says);
      note(`${b.length === 0} ${one.workflow} ${one.kind} ${p.summary?.status}`, "");
    } catch (e) {
      note("THROWN " + String(e).slice(0, 200), JSON.stringify(one) + (e as Error).stack);
    }
  }
  const c = process.cpuUsage(t); console.log((c.user + c.system) / 1000 / cases.length, 'ms cpu per case');
  for (const [k, v] of [...stats].sort()) console.log(v, k, k.startsWith("true") ? "" : "\n      " + examples.get(k)!.slice(0, 1800));
});
