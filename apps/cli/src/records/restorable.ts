import type { InstanceId, Manifest, ManifestItem } from "@quiesce/core";

/** What a look at a provider showed: ids of the artefacts that are there, or why nobody could look. */
export type Look = { readonly artefacts: ReadonlySet<string> } | { readonly failed: string };

/** What is known of the artefacts now: by provider name, or that nobody looked. */
export type Looks = Readonly<Record<string, Look>> | "offline";

export interface Restorable {
  readonly verdict: "yes" | "partly" | "no";
  readonly reason: string;
  readonly items: readonly { readonly instance: InstanceId; readonly usable: boolean; readonly why: string }[];
}

/** Can this set be restored now, wholly or partly, and why? A set of which nobody could look at the artefacts cannot. */
export const restorable = (set: Manifest, looks: Looks): Restorable => {
  const judged = new Map(set.items.map((item) => [item.instance, judge(item, looks)]));
  const items = set.items.map((item) => {
    // What lies inside another instance's artefact is as good as that artefact.
    const owner = item.coveredBy === undefined ? undefined : judged.get(item.coveredBy);
    const own = judged.get(item.instance) ?? lost("not in the set");
    const fate = own.usable && owner !== undefined && !owner.usable ? lost(`its ${item.coveredBy}: ${owner.why}`) : own;
    return { instance: item.instance, ...fate };
  });
  const bad = items.filter(({ usable }) => !usable);
  const told = bad.map(({ instance, why }) => `${instance} ${why}`).join("; ");
  if (items.length === 0) return { verdict: "no", reason: "the set is empty", items };
  if (bad.length === items.length) return { verdict: "no", reason: told, items };
  if (bad.length > 0) return { verdict: "partly", reason: told, items };
  if (!set.complete)
    return { verdict: "partly", reason: "its run did not end well, so instances may be missing", items };
  const checked = looks === "offline" ? "not re-checked" : "found at the provider";
  return { verdict: "yes", reason: `all ${items.length} instance(s) are there, ${checked}`, items };
};

const judge = (item: ManifestItem, looks: Looks): { readonly usable: boolean; readonly why: string } => {
  if (item.status === "failed") return lost("failed");
  if (item.status === "captured") return lost("was captured, but its bytes were not completed");
  if (looks === "offline") return { usable: true, why: "not re-checked" };
  if (item.artefacts.length === 0) return { usable: true, why: "kept in the catalogue" };
  const look = looks[item.provider ?? ""];
  if (look === undefined) return lost("cannot be looked at: nothing is known of its provider");
  if ("failed" in look) return lost(`cannot be looked at: ${look.failed}`);
  const gone = item.artefacts.filter(({ id }) => !look.artefacts.has(id));
  return gone.length === 0
    ? { usable: true, why: "found" }
    : lost(`is lost: ${gone.map(({ kind, name }) => `${kind} ${name}`).join(", ")} is not there any more`);
};

const lost = (why: string): { readonly usable: false; readonly why: string } => ({ usable: false, why });
