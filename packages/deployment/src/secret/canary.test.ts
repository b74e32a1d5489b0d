import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readDeployment } from "../index.ts";

const canary = "c4n4ry-V4lu3";

/** Correct lines and wrong ones, with the secret in every place where a person may put it by mistake. */
const lines = [
  "quiesce: 1",
  "name: shop",
  `name: "https://u:${canary}@h"`,
  "providers:",
  `  hv1: { plugin: vsphere, password: ${canary} }`,
  `  hv2: { plugin: vsphere, auth: { token: ${canary}, x: [${canary}] } }`,
  `  hv3: ${canary}`,
  `  hv4: { plugin: "x y", url: "https://u:${canary}@h/" }`,
  `  hv5: { plugin: libvirt, limits: { parallel: ${canary}, rate: ${canary} }, site: [${canary}] }`,
  `  hv6: { plugin: libvirt, timeouts: { freeze: ${canary} }, password: { evn: ${canary} } }`,
  `  hv7: { plugin: libvirt, password: "${canary}`,
  `  hv8: { plugin: libvirt, password: '${canary}, x: y }`,
  `  hv9: { plugin: libvirt, password: !vault ${canary} }`,
  `  hv10: { plugin: libvirt, secret: *${canary} }`,
  `  password ${canary}`,
  `  password: ${canary}: x`,
  `\tpassword: ${canary}`,
  "instances:",
  `  db: { provider: "https://u:${canary}@h", kind: vm, id: [${canary}] }`,
  `  web: { provider: hv1, kind: ${canary}, id: w, quiesce: ${canary}, skip: ${canary} }`,
  `  pg: { kind: other, properties: { password: ${canary} }, depends_on: "token=${canary}" }`,
  "hooks:",
  `  h: { on: pg, ssh: { host: h, user: u, key: ${canary}, password: ${canary} }, freeze: { run: ${canary} } }`,
  `  i: { on: "password=${canary}", local: ${canary}, thaw: { run: [x, "--password=${canary}"], timeout: ${canary} } }`,
  "selectors:",
  `  s: { provider: hv1, kind: vm, select: { name: x }, expect: ${canary} }`,
];

test("no message shows a secret, whatever is wrong around it", async () => {
  const file = fc.shuffledSubarray(lines, { minLength: 1 }).map((some) => some.join("\n"));
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        file,
        fc.subarray(lines).map((some) => some.join("\n")),
      ),
      async (text) => {
        const read = await readDeployment({ text, file: "quiesce.yaml" });
        expect(read.ok ? "" : JSON.stringify(read.problems)).not.toContain(canary);
      },
    ),
    { numRuns: 500 },
  );
});

test("each line alone in its section is refused or read without showing the secret", async () => {
  for (const [index, line] of lines.entries()) {
    const section = lines.slice(0, index).findLast((each) => /^[a-z]+:$/.test(each)) ?? "";
    const read = await readDeployment({ text: `quiesce: 1\n${section}\n${line}\n`, file: "quiesce.yaml" });
    expect(read.ok ? "" : JSON.stringify(read.problems)).not.toContain(canary);
  }
});
