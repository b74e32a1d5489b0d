/** Anything that survives `JSON.parse(JSON.stringify(x))`; the only thing that crosses a process or a journal. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };
