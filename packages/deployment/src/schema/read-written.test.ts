import { expect, test } from "vitest";
import { inFile, problemLines } from "../../test/problem-lines.ts";

const nameRule =
  "must start with a letter or digit, hold only letters, digits, _, - and ., and have at most 63 characters";
const durationRule = 'must be a duration with its unit, such as "500ms", "30s", "30m" or "2h"';
const inProvider = (keys: string): string =>
  inFile(`instances: { a: { kind: other } }`).replace("libvirt }", `libvirt, ${keys} }`);
const inInstance = (keys: string): string => inFile(`instances: { a: { kind: other, ${keys} } }`);
const inSelector = (keys: string): string => inFile(`selectors: { s: { provider: hv1, kind: vm, ${keys} } }`);

const cases: readonly (readonly [what: string, text: string, ...problems: string[]])[] = [
  [
    "a file without version and name",
    "instances: { a: { kind: other } }",
    "1:1 quiesce is missing",
    "1:1 name is missing",
  ],
  [
    "another version of the format",
    "quiesce: 2\nname: x\ninstances: { a: { kind: other } }",
    "1:10 quiesce must be 1, the only version of the file format that this Quiesce reads",
  ],
  ["a name with a slash", "quiesce: 1\nname: a/b\ninstances: { a: { kind: other } }", `2:7 name ${nameRule}`],
  [
    "a name that is a number",
    "quiesce: 1\nname: 12\ninstances: { a: { kind: other } }",
    "2:7 name must be a text, not a number",
  ],
  [
    "an unknown key, with what was meant",
    inFile("instances: { a: { kind: other } }\nselector: {}"),
    '5:1 Unknown key "selector" in the file | Did you mean "selectors"?',
  ],
  [
    "an unknown key, with what is known",
    inFile("instances: { a: { kind: other } }\nextras: {}"),
    '5:1 Unknown key "extras" in the file | Known keys: $schema, quiesce, name, providers, instances, selectors, hooks.',
  ],
  ["a section that is no map", inFile("instances: [a]"), "4:12 instances must be a map, not a list"],
  ["an entry that is no map", inFile("instances: { a: }"), "4:17 instances.a must be a map, not empty"],
  [
    "a file without instances",
    inFile(""),
    "1:1 The file has neither instances nor selectors | Add what belongs to the deployment under instances.",
  ],
  [
    "instance names that cannot be paths",
    inFile('instances: { ../x: { kind: other }, "a b": { kind: other }, "": { kind: other } }'),
    `4:14 The name "../x" in instances ${nameRule} | Choose another name; the provider's own name belongs into id.`,
    `4:37 The name "a b" in instances ${nameRule} | Choose another name; the provider's own name belongs into id.`,
    `4:61 The name "" in instances ${nameRule} | Choose another name; the provider's own name belongs into id.`,
  ],
  [
    "a provider without plugin",
    inFile("instances: { a: { kind: other } }").replace("plugin: libvirt", ""),
    "3:14 providers.hv1.plugin is missing",
  ],
  [
    "a plugin that is a path",
    inProvider("site: 1").replace("libvirt", "./x"),
    "3:29 providers.hv1.plugin must be the short name of a plugin, such as libvirt",
    "3:40 providers.hv1.site must be a text, not a number",
  ],
  [
    "limits that are none",
    inProvider("limits: { parallel: 0, rate: 10 }"),
    "3:58 providers.hv1.limits.parallel must be at least 1",
    '3:67 providers.hv1.limits.rate must be a number of calls per second, minute or hour, such as "10/s" or "300/m"',
  ],
  [
    "limits of another kind",
    inProvider("limits: { parallel: 1.5, rate: 0/s, rates: 1 }"),
    "3:58 providers.hv1.limits.parallel must be a whole number, not a number",
    '3:69 providers.hv1.limits.rate must be a number of calls per second, minute or hour, such as "10/s" or "300/m"',
    '3:74 Unknown key "rates" in providers.hv1.limits | Did you mean "rate"?',
  ],
  [
    "durations without unit, of zero, and too long",
    inProvider("timeouts: { freeze: 30, thaw: 10 s, capture: 0s, power: 999h }"),
    `3:58 providers.hv1.timeouts.freeze ${durationRule}`,
    `3:68 providers.hv1.timeouts.thaw ${durationRule}`,
    "3:83 providers.hv1.timeouts.capture must be at least 1ms and at most 596h",
    "3:94 providers.hv1.timeouts.power must be at least 1ms and at most 596h",
  ],
  [
    "a kind that does not exist",
    inFile("instances: { a: { kind: vmm } }"),
    "4:25 instances.a.kind must be one of vm, volume, network, other (did you mean vm?)",
  ],
  [
    "an id that is a number",
    inFile("instances: { a: { provider: hv1, kind: vm, id: 7 } }"),
    "4:48 instances.a.id must be a text, not a number",
  ],
  [
    "an id of two lines",
    inFile('instances: { a: { provider: hv1, kind: vm, id: "a\\nb" } }'),
    "4:48 instances.a.id must be one line of text",
  ],
  [
    "an operation that does not exist",
    inInstance("skip: fs_prepare"),
    "4:38 instances.a.skip must be one of suspend, resume, freeze, thaw, snapshot.create, snapshot.restore, snapshot.remove, backup.create, backup.restore, backup.remove (did you mean freeze?)",
  ],
  [
    "an operation in a list that does not exist",
    inInstance("skip: [suspend, resum]"),
    "4:48 instances.a.skip[1] must be one of suspend, resume, freeze, thaw, snapshot.create, snapshot.restore, snapshot.remove, backup.create, backup.restore, backup.remove (did you mean resume?)",
  ],
  [
    "a relation to a map",
    inInstance("depends_on: { b: 1 }"),
    "4:44 instances.a.depends_on must be the name of an instance or a list of them",
  ],
  ["an empty list of relations", inInstance("depends_on: []"), "4:44 instances.a.depends_on must not be empty"],
  [
    "a quiesce that does not exist",
    inInstance("quiesce: always"),
    "4:41 instances.a.quiesce must be one of auto, required, try, off",
  ],
  ["properties that are no map", inInstance("properties: x"), "4:44 instances.a.properties must be a map, not a text"],
  [
    "a selector of services",
    inSelector("select: { name: a }").replace("vm", "other"),
    "4:40 selectors.s.kind must be one of vm, volume, network",
  ],
  [
    "a selector without criteria",
    inSelector("select: {}"),
    "4:52 selectors.s.select must name at least one criterion: name or tag",
  ],
  [
    "a count that is none",
    inSelector('select: { name: a }, expect: "~3"'),
    '4:73 selectors.s.expect must be a count such as 3, ">=3" or "<=10"',
  ],
  ["a negative count", inSelector("select: { name: a }, expect: -1"), "4:73 selectors.s.expect must be at least 0"],
];

test.for(cases)("refuses %s", async ([, text, ...problems]) => {
  expect(await problemLines(text)).toEqual(problems);
});

test("a wrong key of an entry does not hide what is wrong with its others", async () => {
  expect(await problemLines(inFile("instances: { a: { kind: vmm, provider: hv2, depends_on: b } }"))).toEqual([
    "4:25 instances.a.kind must be one of vm, volume, network, other (did you mean vm?)",
    '4:40 instances.a.provider names "hv2", which is no provider of this file | Did you mean "hv1"?',
    '4:57 instances.a.depends_on names "b", which is no instance of this file | Did you mean "a"?',
  ]);
});
