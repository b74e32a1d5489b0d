#!/usr/bin/env node
// Node-18 syntax: an older Node must be able to read this file and say what it lacks.
const wanted = 24;
const major = Number(process.versions.node.split(".")[0]);

if (major < wanted) {
  process.stderr.write(
    `quiesce needs Node.js ${wanted} or newer; this is ${process.versions.node} (${process.execPath}). Install Node.js ${wanted} and try again.\n`,
  );
  process.exitCode = 2;
} else {
  const { main } = await import("../dist/main.js");
  process.exitCode = await main(process.argv.slice(2));
  // What a library left open must not keep a finished command alive.
  setTimeout(() => process.exit(), 1000).unref();
}
