// Starts a task of this repository on any Node from 18 on: brings Node 24 and pnpm into .tools once, installs once
// per lockfile, builds, and hands over to tools/tasks.ts. The second call needs no network. Node-18 syntax only.
"use strict";
const { spawnSync } = require("node:child_process");
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { createHash } = require("node:crypto");
const { dirname, join } = require("node:path");

const root = dirname(__dirname);
const tools = join(root, ".tools");
const wanted =
  "node@24.x pnpm@" + JSON.parse(readFileSync(join(root, "package.json"), "utf8")).packageManager.split("@")[1];
const bundled = {
  node: join(tools, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node"),
  pnpm: join(tools, "node_modules", "pnpm", "bin", "pnpm.mjs"),
};

const stop = (message, code) => {
  process.stderr.write(message + "\n");
  process.exit(code);
};

/** A stamp names what was done, so that it is done once; a missing or other stamp means: do it. */
const stampOf = (name) => join(tools, "." + name);
const isDone = (name, what) => existsSync(stampOf(name)) && readFileSync(stampOf(name), "utf8") === what;
const done = (name, what) => {
  mkdirSync(tools, { recursive: true });
  writeFileSync(stampOf(name), what);
};

const run = (command, args, options) => {
  const result = spawnSync(command, args, Object.assign({ cwd: root, stdio: "inherit" }, options));
  if (result.error) stop(command + ": " + result.error.message, 70);
  return result.status === null ? 70 : result.status;
};

// What is no result goes to stderr, so that `npm run -s quiesce -- … --json` prints nothing but JSON on stdout.
const quietly = { stdio: ["ignore", 2, 2] };

if (!isDone("node", wanted) || !existsSync(bundled.node) || !existsSync(bundled.pnpm)) {
  process.stderr.write("Setting up once: Node 24 and pnpm in .tools …\n");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const args = ["install", "--prefix", tools, "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  if (run(npm, args.concat(wanted.split(" ")), Object.assign({ shell: process.platform === "win32" }, quietly)) !== 0)
    stop("Could not fetch Node 24 and pnpm from the npm registry. Check the network and try again.", 1);
  const version = spawnSync(bundled.node, ["--version"], { encoding: "utf8" }).stdout || "none";
  if (!version.startsWith("v24."))
    stop("Expected Node 24 in .tools, found " + version.trim() + ". Remove .tools and try again.", 1);
  done("node", wanted);
}

const separator = process.platform === "win32" ? ";" : ":";
const env = Object.assign({}, process.env, {
  // turbo looks for pnpm by its name.
  PATH: [dirname(bundled.node), join(tools, "node_modules", ".bin"), process.env.PATH].join(separator),
  TURBO_TELEMETRY_DISABLED: "1",
});
// The npm that called us exports its own settings; pnpm would read them as its own.
for (const key of Object.keys(env))
  if (/^npm_(config_(?!registry)|package_|lifecycle_|command|execpath|node_execpath)/i.test(key)) delete env[key];

const lock = createHash("sha256");
for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json"])
  lock.update(readFileSync(join(root, file)));
const lockDigest = lock.digest("hex");
if (!isDone("install", lockDigest) || !existsSync(join(root, "node_modules", ".modules.yaml"))) {
  process.stderr.write("Installing the dependencies of the lockfile …\n");
  const args = [bundled.pnpm, "install", "--frozen-lockfile", "--reporter=append-only", "--prefer-offline"];
  if (run(bundled.node, args, Object.assign({ env }, quietly)) !== 0) stop("pnpm install failed; see above.", 1);
  done("install", lockDigest);
}

const task = process.argv[2] || "help";
process.exit(run(bundled.node, [join(root, "tools", "tasks.ts"), task].concat(process.argv.slice(3)), { env }));
