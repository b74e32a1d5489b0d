import { asId, type Kind, type Problem, type ProviderName } from "@quiesce/core";
import type { Written } from "../schema/read-written.ts";
import type { Expectation } from "../schema/selector.ts";
import type { Source } from "../source/read-source.ts";
import { linkShared, type Shared } from "./link-shared.ts";

/** Instances that are looked up when a plan is made. A relation may point to a selector: to all that it finds. */
export interface Selector {
  readonly name: string;
  readonly provider: ProviderName;
  readonly kind: Kind;
  /** The object's name fits one of these; empty: any name. */
  readonly names: readonly string[];
  /** The object has all of these tags. */
  readonly tags: readonly string[];
  readonly expect: Expectation;
  /** What each instance that it finds gets. */
  readonly gives: Shared;
  readonly at: NonNullable<Problem["at"]>;
}

export const linkSelectors = (written: Written, source: Source): readonly Selector[] =>
  [...written.whole.selectors].map(([name, block]): Selector => ({
    name,
    provider: asId(block.provider),
    kind: block.kind,
    names: block.select.name ?? [],
    tags: block.select.tag ?? [],
    expect: block.expect ?? { is: ">=", count: 1 },
    gives: linkShared(block),
    at: source.problems.placeOf(source.root, ["selectors", name]),
  }));
