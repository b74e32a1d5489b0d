import { expect, test } from "vitest";
import { problemLines } from "../../test/problem-lines.ts";
import { namesSecret } from "./secret-name.ts";

const secret = "hunter2-canary";
const pem = "-----BEGIN RSA PRIVATE KEY-----\\nMIIcanary\\n-----END RSA PRIVATE KEY-----";
const provider = (config: string): string =>
  `quiesce: 1\nname: x\nproviders: { p: { plugin: vsphere, ${config} } }\ninstances: { a: { kind: other } }`;

const literals: readonly (readonly [config: string, where: string])[] = [
  [`password: ${secret}`, "providers.p.password"],
  [`password: 20201124`, "providers.p.password"],
  [`adminPass: ${secret}`, "providers.p.adminPass"],
  [`auth: { application_credential_secret: ${secret} }`, "providers.p.auth.application_credential_secret"],
  [`credentials: { username: bob, password: ${secret} }`, "providers.p.credentials.password"],
  [`password: { value: ${secret} }`, "providers.p.password"],
  [`passwords: [${secret}, b]`, "providers.p.passwords"],
  [`secrets: { db: ${secret} }`, "providers.p.secrets"],
  [`token: "$TOKEN"`, "providers.p.token"],
  [`key: "${pem}"`, "providers.p.key"],
  [`nested: [{ deep: "x ${pem}" }]`, "providers.p.nested[0].deep"],
  [`url: "https://bob:${secret}@vc1/sdk"`, "providers.p.url"],
  [`args: ["--password=${secret}"]`, "providers.p.args[0]"],
];

test.for(literals)("refuses the literal secret in { %s }", async ([config, where]) => {
  const problems = await problemLines(provider(config));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`Literal secret in ${where}: `);
  expect(problems[0]).toContain("{env: NAME}");
  expect(problems[0]).not.toContain("canary");
});

test.for([
  "password: { env: VC_PASSWORD }",
  "credentials: { file: k.json }",
  "token: { command: [vault, read, -field=password, kv/vc1] }",
  "username: administrator",
  "password_file: pw.txt",
  "token_url: https://login/token",
  "application_credential_id: 4711",
  "secret_id: prod",
  "use_token: true",
  'password: ""',
  "url: https://bob@vc1/sdk",
  'uri: "qemu+ssh://qz@hv1/system?keyfile=/etc/qz/id"',
  "key: /etc/pki/client.pem",
  'args: ["--password=$PASSWORD"]',
])("has nothing against { %s }", async (config) => {
  expect(await problemLines(provider(config))).toEqual([]);
});

test("finds literal secrets outside of providers too", async () => {
  const text = `quiesce: 1
name: x
instances: { a: { kind: other, properties: { password: ${secret} } } }
hooks: { h: { on: a, ssh: { host: h, user: u, password: ${secret} }, suspend: { run: [mysql, "--password=${secret}"] } } }
`;
  const problems = await problemLines(text);
  expect(problems.map((problem) => problem.split(": ")[0])).toEqual([
    "3:56 Literal secret in instances.a.properties.password",
    "4:57 Literal secret in hooks.h.ssh.password",
    "4:99 Literal secret in hooks.h.suspend.run[1]",
  ]);
});

test.each(["password", "db-password", "ADMIN_PWD", "clientSecret", "api_key", "apiKey", "accessKey", "key_content"])(
  "the name %s says that it is secret",
  (name) => expect(namesSecret(name)).toBe(true),
);

test.each(["key", "keyfile", "monkey", "compass", "passive", "author", "public_key", "key_name", "token_lifetime"])(
  "the name %s does not say that it is secret",
  (name) => expect(namesSecret(name)).toBe(false),
);
