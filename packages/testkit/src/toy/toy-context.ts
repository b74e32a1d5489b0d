import type { Context, Handler, Input, Operation, Outcome, Target, WritingContext } from "@quiesce/core";
import type { ToyCloud } from "./toy-cloud.ts";

export type On<O extends Operation> = Input<O, object>;
export type Looking<O extends Operation> = Context<ToyCloud, On<O>, Target<"vm">>;
export type Writing<O extends Operation> = WritingContext<ToyCloud, On<O>, Target<"vm">>;
export type Of<O extends Operation> = Handler<ToyCloud, ToyCloud, On<O>, Target<"vm">>;

export const done = (outcome: Partial<Outcome> = {}) =>
  ({ is: "done", outcome: { artefacts: [], covered: [], saved: {}, ...outcome } }) as const;
export const absent = { is: "absent" } as const;
export const look = { next: "observe" } as const;

/** What a handler knows whose object it makes by. */
type Named = Pick<Looking<Operation>, "tag" | "run" | "name">;

export const tagOf = ({ tag, run }: Named): string => `${tag.store}/${tag.deployment}/${run}`;
export const nameOf = (c: Named): string => c.name({ max: 63, allow: /[a-z0-9-]/ });

/** Made by this step: its name and its tag. */
export const isOurs =
  (c: Named) =>
  ({ name, tag }: { readonly name: string; readonly tag?: string | undefined }): boolean =>
    name === nameOf(c) && tag === tagOf(c);

/** Made by any run of this store. */
export const isOfStore = ({ tag: { store } }: Named, { tag }: { readonly tag?: string | undefined }): boolean =>
  tag?.startsWith(`${store}/`) === true;
