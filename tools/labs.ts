// Brings up the labs named in LABS (all by default), each by its own idempotent script labs/<name>/up.sh.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const labs = join(import.meta.dirname, "..", "labs");
const known = readdirSync(labs).filter((name) => existsSync(join(labs, name, "up.sh")));
const asked = process.env["LABS"]?.split(",").filter((name) => name !== "") ?? known;
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`Unknown lab ${unknown.join(", ")}. Labs: ${known.join(", ")}\n`);
  process.exit(2);
}
for (const name of asked) {
  const { status } = spawnSync(join(labs, name, "up.sh"), { stdio: "inherit" });
  if (status !== 0) {
    process.stderr.write(`Lab ${name} did not come up.\n`);
    process.exit(1);
  }
}
