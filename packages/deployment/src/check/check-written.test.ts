import { expect, test } from "vitest";
import { inFile, problemLines, withInstances } from "../../test/problem-lines.ts";

const verbs = "snapshot.create, snapshot.restore, snapshot.remove, backup.create, backup.restore, backup.remove";
const web = (keys: string): string => withInstances(`  web: { provider: hv1, kind: vm, id: w, ${keys} }`);

const instanceCases: readonly (readonly [what: string, text: string, ...problems: string[]])[] = [
  [
    "a provider that the file does not have",
    withInstances("  web: { provider: hv2, kind: vm, id: w }"),
    '8:20 instances.web.provider names "hv2", which is no provider of this file | Did you mean "hv1"?',
  ],
  [
    "any provider when the file has none",
    "quiesce: 1\nname: x\ninstances: { a: { provider: hv, kind: vm, id: a } }",
    '3:29 instances.a.provider names "hv", which is no provider of this file | The file has no providers.',
  ],
  [
    "a machine without provider and id",
    withInstances("  web: { kind: vm }"),
    "8:3 instances.web.provider is missing | Name the provider that has this vm; only the kind other needs none.",
    "8:3 instances.web.id is missing | Give the name or id of the vm at its provider.",
  ],
  [
    "a service with an id",
    withInstances("  sql: { kind: other, id: x }"),
    "8:27 instances.sql.id is set, but the kind other is no object of a provider | Remove it; hooks perform the operations of this instance.",
  ],
  [
    "relations to nothing, with what was meant",
    web("depends_on: [db, dbb], contained_in: zzzzzz"),
    '8:59 instances.web.depends_on[1] names "dbb", which is no instance of this file | Did you mean "db"?',
    '8:79 instances.web.contained_in names "zzzzzz", which is no instance of this file | Known instances: db, data, pg, web.',
  ],
  [
    "a relation to itself",
    web("connected_to: web"),
    '8:56 instances.web.connected_to points to "web" itself | Name another instance.',
  ],
  [
    "operations that the kind does not have",
    withInstances("  v: { provider: hv1, kind: volume, id: v, skip: [freeze], quiesce: required }"),
    `8:51 instances.v.skip[0] skips freeze, which the kind volume does not have | Operations of the kind volume: ${verbs}.`,
    "8:69 instances.v.quiesce is set, but the kind volume cannot be frozen | Set it on the machine.",
  ],
  [
    "a thaw that is skipped although the freeze is not",
    web("skip: thaw"),
    "8:48 instances.web.skip skips thaw but not freeze, which would leave the guest frozen | Skip freeze as well, or neither.",
  ],
  [
    "a selector with the name of an instance and an unknown provider",
    withInstances("selectors: { db: { provider: hv, kind: vm, select: { name: a }, depends_on: dbb } }"),
    '8:14 The name "db" is used by an instance and by a selector | Give the selector another name.',
    '8:30 selectors.db.provider names "hv", which is no provider of this file | Did you mean "hv1"?',
    '8:77 selectors.db.depends_on names "dbb", which is no instance of this file | Did you mean "db"?',
  ],
  [
    "a reference in a provider that is wrong",
    inFile("instances: { a: { kind: other } }").replace(
      "libvirt }",
      "libvirt, a: { env: 3 }, b: [{ file: x, env: Y }], c: { cwd: x } }",
    ),
    "3:41 providers.hv1.a is not a correct reference | Write exactly one of {env: NAME}, {file: PATH} and {command: [PROGRAM, ARGUMENT]}.",
    "3:57 providers.hv1.b[0] is not a correct reference | Write exactly one of {env: NAME}, {file: PATH} and {command: [PROGRAM, ARGUMENT]}.",
    "3:82 providers.hv1.c is not a correct reference | Write exactly one of {env: NAME}, {file: PATH} and {command: [PROGRAM, ARGUMENT]}.",
  ],
];

const hook = (keys: string): string => withInstances(`hooks: { h: { ${keys} } }`);
const run = "{ run: [x] }";
const ssh = "ssh: { host: h, user: u, key: { file: k } }";

const hookCases: readonly (readonly [what: string, text: string, ...problems: string[]])[] = [
  [
    "a hook on nothing",
    hook(`on: dbb, local: true, suspend: ${run}`),
    '8:19 hooks.h.on names "dbb", which is no instance of this file | Did you mean "db"?',
  ],
  [
    "a hook on a selector",
    withInstances(
      `selectors: { s: { provider: hv1, kind: vm, select: { name: a } } }\nhooks: { h: { on: s, local: true, suspend: ${run} } }`,
    ),
    '9:19 hooks.h.on names the selector "s", but a hook serves one instance | Known instances: db, data, pg.',
  ],
  [
    "a hook that runs nowhere",
    hook(`on: db, suspend: ${run}`),
    "8:10 hooks.h must have exactly one of ssh and local | Write ssh: {…} to run on a host, or local: true to run where Quiesce runs.",
  ],
  [
    "a hook that runs in two places",
    hook(`on: db, local: true, ${ssh}, suspend: ${run}`),
    "8:10 hooks.h must have exactly one of ssh and local | Write ssh: {…} to run on a host, or local: true to run where Quiesce runs.",
  ],
  [
    "a hook that does nothing",
    hook("on: db, local: true"),
    "8:10 hooks.h performs no operation | Add one of suspend, resume, freeze, thaw, snapshot.create, snapshot.restore, snapshot.remove, backup.create, backup.restore, backup.remove.",
  ],
  [
    "a freeze without thaw",
    hook(`on: db, local: true, freeze: ${run}`),
    "8:36 hooks.h.freeze has no thaw, which would leave it frozen | Add thaw, or hold: true.",
  ],
  [
    "a thaw without freeze",
    hook(`on: db, local: true, thaw: ${run}`),
    "8:36 hooks.h.thaw has no freeze | Add freeze, or remove thaw.",
  ],
  [
    "a hold with a thaw and without a freeze",
    hook(`on: db, local: true, hold: true, thaw: ${run}`),
    "8:36 hooks.h.hold needs a freeze command that holds | Add freeze.",
    "8:48 hooks.h.thaw cannot stand beside hold | Remove it: closing the freeze command's input thaws.",
  ],
  [
    "a timer beside a hold",
    hook(`on: db, ${ssh}, hold: true, self_thaw: 30s, freeze: ${run}`),
    "8:80 hooks.h.self_thaw cannot stand beside hold | Remove it: a hold ends with its connection.",
  ],
  [
    "a timer without a host",
    hook(`on: db, local: true, self_thaw: 30s, freeze: ${run}, thaw: ${run}`),
    "8:36 hooks.h.self_thaw needs ssh: its timer runs on the host | Remove it.",
  ],
  [
    "a timer and a status without a freeze",
    hook(`on: db, ${ssh}, self_thaw: 30s, status: ${run}, suspend: ${run}`),
    "8:68 hooks.h.self_thaw undoes a freeze, but there is none | Add freeze and thaw, or remove it.",
    "8:84 hooks.h.status tells whether it is frozen, but there is no freeze | Add freeze.",
  ],
  [
    "an operation that the instance does not have",
    hook(`on: data, local: true, freeze: ${run}, thaw: ${run}`),
    `8:38 hooks.h performs freeze, which the kind volume does not have | Operations of the kind volume: ${verbs}.`,
    `8:60 hooks.h performs thaw, which the kind volume does not have | Operations of the kind volume: ${verbs}.`,
  ],
  [
    "a command for a shell",
    hook("on: db, local: true, suspend: { run: sync now }"),
    "8:52 hooks.h.suspend.run must be a list: the program, then its arguments (no shell is used)",
  ],
  ["an empty command", hook("on: db, local: true, suspend: { run: [] }"), "8:47 hooks.h.suspend.run[0] is missing"],
  [
    "an SSH login without key and with a strange port",
    hook(`on: db, ssh: { host: h, port: 70000, user: u }, suspend: ${run}`),
    "8:28 hooks.h.ssh must have a key or a password, by reference",
    "8:45 hooks.h.ssh.port must be a port between 1 and 65535",
  ],
  [
    "an SSH key that is no reference",
    hook(`on: db, ssh: { host: h, user: u, key: ./id }, suspend: ${run}`),
    "8:53 hooks.h.ssh.key must be a reference: {env: NAME}, {file: PATH} or {command: [PROGRAM, ARGUMENT]}",
  ],
  ["local: false", hook(`on: db, local: false, suspend: ${run}`), "8:30 hooks.h.local must be true"],
];

test.for([...instanceCases, ...hookCases])("refuses %s", async ([, text, ...problems]) => {
  expect(await problemLines(text)).toEqual(problems);
});
