import { expect, test } from "vitest";
import { newestFirst } from "./newest-first.ts";

const artefact = (id: string, parent?: string) => ({
  kind: "x",
  id,
  owner: "o",
  name: id,
  ...(parent === undefined ? {} : { parent }),
});
const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id).join(" ");

test("children go before parents, wherever they were recorded", () => {
  expect(ids(newestFirst([artefact("b", "a"), artefact("c", "b"), artefact("a")]))).toBe("c b a");
});

test("what does not hang together goes last recorded first", () => {
  expect(ids(newestFirst([artefact("a"), artefact("b"), artefact("c")]))).toBe("c b a");
});

test("a circle of parents ends", () => {
  expect(newestFirst([artefact("a", "b"), artefact("b", "a")])).toHaveLength(2);
});

test("a parent of another list counts for nothing", () => {
  expect(ids(newestFirst([artefact("a", "elsewhere"), artefact("b")]))).toBe("b a");
});
