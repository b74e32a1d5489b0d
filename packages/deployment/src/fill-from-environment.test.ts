import { expect, test } from "vitest";
import { fillFromEnvironment, readDeployment } from "./index.ts";

const filled = async (providers: string, env: Record<string, string>) => {
  const text = `quiesce: 1\nname: x\nproviders: ${providers}\ninstances: { a: { kind: other } }`;
  const read = await readDeployment({ text, file: "x" });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return Object.values(fillFromEnvironment(read.value.deployment, env).providers).map(({ config }) => config);
};

const uri = "qemu+unix:///session";

test("LIBVIRT_DEFAULT_URI fills the URI that the one libvirt provider leaves out", async () => {
  const env = { LIBVIRT_DEFAULT_URI: uri };
  expect(await filled("{ a: { plugin: libvirt, x: 1 }, b: { plugin: gcp } }", env)).toEqual([{ x: 1, uri }, {}]);
});

test.each([
  ["a URI in the file stands", '{ a: { plugin: libvirt, uri: "test:///default" } }', [{ uri: "test:///default" }]],
  ["of two libvirt providers it could mean either", "{ a: { plugin: libvirt }, b: { plugin: libvirt } }", [{}, {}]],
  ["another plugin has no use for it", "{ a: { plugin: gcp } }", [{}]],
])("%s", async (_, providers, configs) => {
  expect(await filled(providers, { LIBVIRT_DEFAULT_URI: uri })).toEqual(configs);
});

test("an empty or missing variable fills nothing", async () => {
  expect(await filled("{ a: { plugin: libvirt } }", { LIBVIRT_DEFAULT_URI: "" })).toEqual([{}]);
  expect(await filled("{ a: { plugin: libvirt } }", {})).toEqual([{}]);
});

test("a URI with a password becomes a reference, because a deployment is stored", async () => {
  expect(await filled("{ a: { plugin: libvirt } }", { LIBVIRT_DEFAULT_URI: "qemu+tcp://u:canary@h/system" })).toEqual([
    { uri: { env: "LIBVIRT_DEFAULT_URI" } },
  ]);
});
