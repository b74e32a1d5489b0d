import { bool, double, hyper, int, list, string, struct, uhyper, uint, union, type XdrValue } from "./xdr-type.ts";

/** libvirt's extensible key-value pair. */
export const typedParam = struct({
  field: string,
  value: union({
    1: { name: "int", of: int },
    2: { name: "uint", of: uint },
    3: { name: "llong", of: hyper },
    4: { name: "ullong", of: uhyper },
    5: { name: "double", of: double },
    6: { name: "boolean", of: bool },
    7: { name: "string", of: string },
  }),
});
export type TypedParam = XdrValue<typeof typedParam>;

export const typedParams = (max: number) => list(typedParam, max);

/** Typed parameters as a plain object; of several with one name the last counts. */
export type Params = Readonly<Record<string, number | bigint | boolean | string>>;

export const paramsToObject = (params: readonly TypedParam[]): Params =>
  Object.fromEntries(params.map(({ field, value }) => [field, value.value]));
