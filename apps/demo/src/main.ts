import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deploymentFile } from "./deployment-file.ts";
import { contents, flipByte, guestsWrite, loseDisk, machines, startHost } from "./host.ts";
import { quiesce } from "./quiesce.ts";

const say = (text: string): void => void process.stdout.write(`\n── ${text}\n`);

const fault = process.env["QUIESCE_DEMO_FAULT"] ?? "";
if (fault !== "" && fault !== "flip-byte") {
  process.stderr.write(`QUIESCE_DEMO_FAULT is "${fault}"; it may be flip-byte.\n`);
  process.exit(2);
}

const dir = await mkdtemp(join(tmpdir(), "quiesce-demo-"));
const host = await startHost(dir);
try {
  const file = deploymentFile(host.hosts[0]?.uri ?? "");
  await writeFile(join(dir, "shop.yaml"), file);
  say("A simulated host with three machines, and a deployment file that names them:");
  process.stdout.write(`\n${file}`);

  say("Put the whole deployment to rest, dependents first, and wake it again");
  await quiesce(dir, "suspend", "shop.yaml", "--yes");
  await quiesce(dir, "resume", "shop.yaml", "--yes");

  say("What a backup would do; nothing is touched");
  await quiesce(dir, "backup", "shop.yaml", "--name", "monday", "--dry-run");

  say("All file systems frozen together, the content fixed, thawed; then the bytes are copied");
  await guestsWrite(host, "what Monday knew");
  await quiesce(dir, "backup", "shop.yaml", "--name", "monday");

  say("A day later, only the difference");
  await guestsWrite(host, "what Tuesday knew");
  const before = await contents(host);
  await quiesce(dir, "backup", "shop.yaml", "--name", "tuesday", "--incremental");
  await quiesce(dir, "backups", "show", "shop.yaml", "tuesday");

  say("Is every byte of it what was written?");
  await quiesce(dir, "backups", "verify", "shop.yaml");

  say("db01 loses a disk, and the other machines' disks are overwritten");
  await guestsWrite(host, "garbage, garbage, garbage");
  await loseDisk(host, "db01");

  say("Restore");
  await quiesce(dir, "restore", "shop.yaml", "--name", "tuesday", "--yes");
  if (fault === "flip-byte") await flipByte(host, "db01");

  say("Is it what it was? SHA-256 over each machine's disks, read from the host's files:");
  const after = await contents(host);
  for (const machine of machines) {
    const same = after.get(machine) === before.get(machine);
    process.stdout.write(
      `   ${machine.padEnd(7)} ${before.get(machine)?.slice(0, 16)}…  ${same ? "equal" : "DIFFERENT"}\n`,
    );
    if (!same) process.exitCode = 1;
  }

  say("Tuesday builds on Monday, so both go together");
  await quiesce(dir, "remove-backup", "shop.yaml", "--name", "monday", "--with-dependants", "--yes");
  await quiesce(dir, "backups", "list");
  say(
    process.exitCode === 1
      ? "The restored content is NOT what it was."
      : "Everything is back as Tuesday's backup had it.",
  );
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await host.stop();
  await rm(dir, { recursive: true, force: true });
}
