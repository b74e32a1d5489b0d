import { asId, type DeploymentId, type OwnershipTag, type RunId } from "@quiesce/core";
import { expect, test } from "vitest";
import { readTaggedName, taggedName } from "./tagged-name.ts";

const tagOf = (deployment: string): OwnershipTag => ({
  store: "0b0e7f6e-0000-4000-8000-000000000001",
  run: asId<RunId>("run 1+2/ü"),
  deployment: asId<DeploymentId>(deployment),
});

test("a tag comes back from a name as it went in, whatever characters it has", () => {
  for (const deployment of ["shop", "Büro+1", "a_2bc", "_", "a/b", "日本"]) {
    const name = taggedName(tagOf(deployment), "1a2b3c4d-vda.scratch") ?? "";
    expect(name).toMatch(/^quiesce\+[A-Za-z0-9._+-]+$/);
    expect(readTaggedName(name)).toEqual({ tag: tagOf(deployment), label: "1a2b3c4d-vda.scratch" });
  }
});

test("a tag that makes a name too long for a file gives none", () => {
  expect(taggedName(tagOf("d".repeat(300)), "x.scratch")).toBeUndefined();
});

test("names of others, and names that somebody changed, carry no tag", () => {
  const names = [
    "quiesce-set-1a2b3c4d-vda.scratch",
    "quiesce+a+b+c",
    "quiesce+a+b+c+d+e",
    "quiesce+a++c+d",
    "x+a+b+c+d",
  ];
  expect(names.map(readTaggedName)).toEqual(names.map(() => undefined));
  expect(readTaggedName("quiesce+a+b+_61+d")).toBeUndefined();
});
