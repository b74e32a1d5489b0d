// Brings up the labs named in LABS (all by default), each by its own idempotent script labs/<name>/up.sh; `down` takes
// them down.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const stop = (message: string, code: number): never => {
  process.stderr.write(`${message}\n`);
  process.exit(code);
};

const [direction = "up"] = process.argv.slice(2);
if (direction !== "up" && direction !== "down") stop(`Unknown word "${direction}". Say up or down.`, 2);

const labs = join(import.meta.dirname, "..", "labs");
const known = readdirSync(labs).filter((name) => existsSync(join(labs, name, "up.sh")));
const asked = process.env["LABS"]?.split(",").filter((name) => name !== "") ?? known;
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) stop(`Unknown lab ${unknown.join(", ")}. Labs: ${known.join(", ")}`, 2);

for (const name of asked) {
  const started = performance.now();
  const { status } = spawnSync(join(labs, name, `${direction}.sh`), { stdio: "inherit" });
  if (status !== 0) stop(`Lab ${name} did not come ${direction}.`, 1);
  process.stdout.write(`Lab ${name} is ${direction} (${((performance.now() - started) / 1000).toFixed(1)} s).\n`);
}
